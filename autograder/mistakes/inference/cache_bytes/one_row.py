"""The number of rows is ignored.

Rows share the weights, but not the cache: each has read another text. That is why memory, not
arithmetic, limits how many rows fit.

See: inference#eq-inference-bytes
"""

from langmodels.inference import *


def cache_bytes(config, n_tokens, n_rows=1, bytes_per_number=2):
    if config.window is not None:
        n_tokens = min(n_tokens, config.window)
    per_token = 2 * config.n_layers * config.n_kv_heads * config.head_width
    return per_token * n_tokens * bytes_per_number
