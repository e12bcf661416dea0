"""Only the scores are counted, not the sums of the values.

Attention has two products of the same size: queries with keys, and weights with values.

See: inference#eq-step-flops
"""

from langmodels.inference import *


def step_flops(config, n_new, context, n_rows=1):
    c = config
    projections = 2 * c.width * (c.n_heads + c.n_kv_heads) * c.head_width
    attention = c.n_heads * c.head_width * context
    layers = n_new * c.n_layers * (projections + attention + 3 * c.width * c.inner)
    return 2 * n_rows * (layers + c.width * c.vocabulary)
