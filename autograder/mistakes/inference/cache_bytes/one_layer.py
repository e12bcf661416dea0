"""The cache of a single layer is counted.

Every layer has keys and values of its own, made from what the layer below has said. L layers keep
L times as much.

See: inference#eq-inference-bytes
"""

from langmodels.inference import *


def cache_bytes(config, n_tokens, n_rows=1, bytes_per_number=2):
    if config.window is not None:
        n_tokens = min(n_tokens, config.window)
    per_token = 2 * config.n_kv_heads * config.head_width
    return per_token * n_tokens * n_rows * bytes_per_number
