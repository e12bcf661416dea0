"""The cache of one row is counted, whatever their number.

Rows share matrices, but not their pasts: each step reads the keys and values of every row.
"""

from langmodels.inference import *


def step_bytes(config, context, n_rows=1, bytes_per_number=2):
    c = config
    attention = 2 * (c.n_heads + c.n_kv_heads) * c.head_width * c.width
    weights = c.n_layers * (attention + 3 * c.width * c.inner) + c.vocabulary * c.width
    return weights * bytes_per_number + cache_bytes(c, context, 1, bytes_per_number)
