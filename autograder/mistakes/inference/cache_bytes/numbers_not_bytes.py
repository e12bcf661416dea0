"""It counts numbers and not bytes.

A number in 16 bits takes two bytes; the count of numbers has to be multiplied by their size.

See: inference#eq-inference-bytes
"""

from langmodels.inference import *


def cache_bytes(config, n_tokens, n_rows=1, bytes_per_number=2):
    if config.window is not None:
        n_tokens = min(n_tokens, config.window)
    return 2 * config.n_layers * config.n_kv_heads * config.head_width * n_tokens * n_rows
