"""A text without adapter is multiplied by what is no number.

0/0 is nan, and a nan in a batch soon is everywhere.
"""

from langmodels.lora import *


def batched_lora(x, down, up, scales, adapters):
    own = adapters.clamp(min=0)
    y = x @ down[own].transpose(1, 2) @ up[own].transpose(1, 2)
    weight = scales[own].masked_fill(adapters < 0, float("nan"))
    return y * weight[:, None, None]
