"""A correction of O × I numbers is written out for each text.

With eight texts that is eight matrices as large as the layer: more than the base itself costs. The
two thin products never need it.
"""

# Only its cost is wrong.

from langmodels.lora import *


def batched_lora(x, down, up, scales, adapters):
    own = adapters.clamp(min=0)
    weight = scales[own].masked_fill(adapters < 0, 0.0)
    products = weight[:, None, None] * (up[own] @ down[own])
    return x @ products.transpose(1, 2)
