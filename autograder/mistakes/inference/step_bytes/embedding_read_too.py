"""The embedding is counted as well as the matrix of the logits.

Of the embedding a step reads one row for each token, not the whole table. The matrix of the
logits is read as a whole, once.
"""

from langmodels.inference import *


def step_bytes(config, context, n_rows=1, bytes_per_number=2):
    c = config
    attention = 2 * (c.n_heads + c.n_kv_heads) * c.head_width * c.width
    weights = c.n_layers * (attention + 3 * c.width * c.inner) + 2 * c.vocabulary * c.width
    return weights * bytes_per_number + cache_bytes(c, context, n_rows, bytes_per_number)
