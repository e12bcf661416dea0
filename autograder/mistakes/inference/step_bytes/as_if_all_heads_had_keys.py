"""The matrices of keys and values are taken to be as large as that of the queries.

They make G heads each, not H: sharing keys makes these matrices smaller, too.
"""

from langmodels.inference import *


def step_bytes(config, context, n_rows=1, bytes_per_number=2):
    c = config
    attention = 4 * c.n_heads * c.head_width * c.width
    weights = c.n_layers * (attention + 3 * c.width * c.inner) + c.vocabulary * c.width
    return weights * bytes_per_number + cache_bytes(c, context, n_rows, bytes_per_number)
