"""The input is added to the answer.

This is the correction alone. What it corrects is the base's output, which is added outside, and
not x.
"""

from langmodels.lora import *


def batched_lora(x, down, up, scales, adapters):
    own = adapters.clamp(min=0)
    y = x @ down[own].transpose(1, 2) @ up[own].transpose(1, 2)
    weight = scales[own].masked_fill(adapters < 0, 0.0)[:, None, None]
    y = y * weight
    wide = functional.pad(x, (0, max(0, y.shape[-1] - x.shape[-1])))[..., : y.shape[-1]]
    return y + wide
