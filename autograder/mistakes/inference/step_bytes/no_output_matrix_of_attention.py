"""The matrix that mixes the heads is left out.

Attention has four matrices: three make queries, keys and values, and the fourth brings the heads'
answers back to width D.
"""

from langmodels.inference import *


def step_bytes(config, context, n_rows=1, bytes_per_number=2):
    c = config
    attention = (c.n_heads + 2 * c.n_kv_heads) * c.head_width * c.width
    weights = c.n_layers * (attention + 3 * c.width * c.inner) + c.vocabulary * c.width
    return weights * bytes_per_number + cache_bytes(c, context, n_rows, bytes_per_number)
