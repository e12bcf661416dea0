"""The size of a number is not passed on to the cache.

cache_bytes counts two bytes a number unless it is told otherwise.
"""

from langmodels.inference import *


def step_bytes(config, context, n_rows=1, bytes_per_number=2):
    c = config
    attention = 2 * (c.n_heads + c.n_kv_heads) * c.head_width * c.width
    weights = c.n_layers * (attention + 3 * c.width * c.inner) + c.vocabulary * c.width
    return weights * bytes_per_number + cache_bytes(c, context, n_rows)
