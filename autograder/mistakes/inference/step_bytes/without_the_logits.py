"""The matrix of the logits is left out.

V × D is one of the largest matrices there is, and each step multiplies with all of it, whether it
is tied to the embedding or not.
"""

from langmodels.inference import *


def step_bytes(config, context, n_rows=1, bytes_per_number=2):
    c = config
    attention = 2 * (c.n_heads + c.n_kv_heads) * c.head_width * c.width
    weights = c.n_layers * (attention + 3 * c.width * c.inner)
    return weights * bytes_per_number + cache_bytes(c, context, n_rows, bytes_per_number)
