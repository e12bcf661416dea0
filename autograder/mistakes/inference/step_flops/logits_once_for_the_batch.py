"""The logits of a single row are counted.

Every row asks for its own next token, so the product with V × D is done for each row.
"""

from langmodels.inference import *


def step_flops(config, n_new, context, n_rows=1):
    c = config
    projections = 2 * c.width * (c.n_heads + c.n_kv_heads) * c.head_width
    attention = 2 * c.n_heads * c.head_width * context
    layers = n_new * c.n_layers * (projections + attention + 3 * c.width * c.inner)
    return 2 * (n_rows * layers + c.width * c.vocabulary)
