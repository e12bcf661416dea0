"""The matrices of keys and values are taken to be as large as that of the queries.

With grouped queries they make only G heads each, so they are smaller by H / G, and so is their
product.
"""

from langmodels.inference import *


def step_flops(config, n_new, context, n_rows=1):
    c = config
    projections = 4 * c.width * c.n_heads * c.head_width
    attention = 2 * c.n_heads * c.head_width * context
    layers = n_new * c.n_layers * (projections + attention + 3 * c.width * c.inner)
    return 2 * n_rows * (layers + c.width * c.vocabulary)
