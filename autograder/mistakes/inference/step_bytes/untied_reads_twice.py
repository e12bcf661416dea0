"""Where the embedding is not tied both tables are counted.

Tied or not, a step multiplies with one V × D matrix, and looks up single rows in the other.
"""

from langmodels.inference import *


def step_bytes(config, context, n_rows=1, bytes_per_number=2):
    c = config
    attention = 2 * (c.n_heads + c.n_kv_heads) * c.head_width * c.width
    tables = c.vocabulary * c.width * (1 if c.tied else 2)
    weights = c.n_layers * (attention + 3 * c.width * c.inner) + tables
    return weights * bytes_per_number + cache_bytes(c, context, n_rows, bytes_per_number)
