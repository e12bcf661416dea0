"""The keys of all H query heads are counted, not those of G heads.

Query heads of a group share one head of keys and values, and only that one is kept. That the
cache shrinks by H / G is the whole point of grouped queries.

See: inference#eq-inference-bytes
"""

from langmodels.inference import *


def cache_bytes(config, n_tokens, n_rows=1, bytes_per_number=2):
    if config.window is not None:
        n_tokens = min(n_tokens, config.window)
    per_token = 2 * config.n_layers * config.n_heads * config.head_width
    return per_token * n_tokens * n_rows * bytes_per_number
