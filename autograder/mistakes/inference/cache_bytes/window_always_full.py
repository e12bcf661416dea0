"""With a window W tokens are counted, even for a shorter text.

The window is a bound, not a size. A row of three tokens holds three, however wide the window is.
"""

from langmodels.inference import *


def cache_bytes(config, n_tokens, n_rows=1, bytes_per_number=2):
    if config.window is not None:
        n_tokens = config.window
    per_token = 2 * config.n_layers * config.n_kv_heads * config.head_width
    return per_token * n_tokens * n_rows * bytes_per_number
