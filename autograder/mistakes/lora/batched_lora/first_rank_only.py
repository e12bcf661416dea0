"""Only the first rank of each adapter is used.

A correction of rank R is the sum of R products of a column and a row.
"""

from langmodels.lora import *


def batched_lora(x, down, up, scales, adapters):
    own = adapters.clamp(min=0)
    y = x @ down[own][:, :1].transpose(1, 2) @ up[own][:, :, :1].transpose(1, 2)
    weight = scales[own].masked_fill(adapters < 0, 0.0)
    return y * weight[:, None, None].to(y.dtype)
