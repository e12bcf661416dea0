"""The matrices are counted in numbers, the cache in bytes.

Both are read from the same memory. A number of 16 bits takes two bytes, wherever it stands.
"""

from langmodels.inference import *


def step_bytes(config, context, n_rows=1, bytes_per_number=2):
    c = config
    attention = 2 * (c.n_heads + c.n_kv_heads) * c.head_width * c.width
    weights = c.n_layers * (attention + 3 * c.width * c.inner) + c.vocabulary * c.width
    return weights + cache_bytes(c, context, n_rows, bytes_per_number)
