"""The matrices are read again for every row.

That is just what a batch saves: a matrix is read once and multiplied with all rows. Only the
cache is each row's own.
"""

from langmodels.inference import *


def step_bytes(config, context, n_rows=1, bytes_per_number=2):
    c = config
    attention = 2 * (c.n_heads + c.n_kv_heads) * c.head_width * c.width
    weights = c.n_layers * (attention + 3 * c.width * c.inner) + c.vocabulary * c.width
    cache = cache_bytes(c, context, 1, bytes_per_number)
    return n_rows * (weights * bytes_per_number + cache)
