"""All tokens of the context are fed, as without a cache.

With a cache only the new tokens go through the layers; the others are looked at, which costs
their scores and nothing else.
"""

from langmodels.inference import *


def step_flops(config, n_new, context, n_rows=1):
    c = config
    projections = 2 * c.width * (c.n_heads + c.n_kv_heads) * c.head_width
    attention = 2 * c.n_heads * c.head_width * context
    layers = context * c.n_layers * (projections + attention + 3 * c.width * c.inner)
    return 2 * n_rows * (layers + c.width * c.vocabulary)
