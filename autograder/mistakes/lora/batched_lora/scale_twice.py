"""The scale is applied twice.

Once after down and once after up make its square.
"""

from langmodels.lora import *


def batched_lora(x, down, up, scales, adapters):
    own = adapters.clamp(min=0)
    weight = scales[own].masked_fill(adapters < 0, 0.0)[:, None, None]
    return (x @ down[own].transpose(1, 2) * weight) @ up[own].transpose(1, 2) * weight
