"""The logits of every new token are counted.

To go on writing one needs what follows the last token only. Over a long prompt logits for all
positions would cost more than anything else.
"""

from langmodels.inference import *


def step_flops(config, n_new, context, n_rows=1):
    c = config
    projections = 2 * c.width * (c.n_heads + c.n_kv_heads) * c.head_width
    attention = 2 * c.n_heads * c.head_width * context
    layers = n_new * c.n_layers * (projections + attention + 3 * c.width * c.inner)
    return 2 * n_rows * (layers + n_new * c.width * c.vocabulary)
