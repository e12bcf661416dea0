"""The window is applied to the tokens of all rows together.

Each row has a window of its own, so W bounds the tokens of a row, before they are multiplied by
the number of rows.
"""

from langmodels.inference import *


def cache_bytes(config, n_tokens, n_rows=1, bytes_per_number=2):
    n_tokens *= n_rows
    if config.window is not None:
        n_tokens = min(n_tokens, config.window)
    per_token = 2 * config.n_layers * config.n_kv_heads * config.head_width
    return per_token * n_tokens * bytes_per_number
