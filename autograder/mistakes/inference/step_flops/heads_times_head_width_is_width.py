"""H K is taken to be D.

Mostly it is, but head_width is a size of its own: in Qwen 3, for one, all heads together are
twice as wide as the model.
"""

from langmodels.inference import *


def step_flops(config, n_new, context, n_rows=1):
    c = config
    projections = 2 * c.width * (c.width + c.n_kv_heads * c.head_width)
    attention = 2 * c.width * context
    layers = n_new * c.n_layers * (projections + attention + 3 * c.width * c.inner)
    return 2 * n_rows * (layers + c.width * c.vocabulary)
