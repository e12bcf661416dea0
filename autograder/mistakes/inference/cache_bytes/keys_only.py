"""Only one tensor for each layer is counted.

Attention needs the keys for its scores and the values for its answer. Both are kept, so there are
two tensors of the same size for each layer.

See: inference#eq-inference-bytes
"""

from langmodels.inference import *


def cache_bytes(config, n_tokens, n_rows=1, bytes_per_number=2):
    if config.window is not None:
        n_tokens = min(n_tokens, config.window)
    per_token = config.n_layers * config.n_kv_heads * config.head_width
    return per_token * n_tokens * n_rows * bytes_per_number
