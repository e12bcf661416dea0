"""New tokens are compared with each other, not with the past.

What the cache saves is making keys and values again. Looking at them is paid for in every step,
and grows with the context.

See: inference#eq-step-flops
"""

from langmodels.inference import *


def step_flops(config, n_new, context, n_rows=1):
    c = config
    projections = 2 * c.width * (c.n_heads + c.n_kv_heads) * c.head_width
    attention = 2 * c.n_heads * c.head_width * n_new
    layers = n_new * c.n_layers * (projections + attention + 3 * c.width * c.inner)
    return 2 * n_rows * (layers + c.width * c.vocabulary)
