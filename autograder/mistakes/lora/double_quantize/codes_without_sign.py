"""Codes are shifted to 0 … 255.

Then they are bytes without sign, and what multiplies them with steps gets scales that are all too
large.
"""

from langmodels.lora import *


def double_quantize(scales, block=256):
    mean = scales.mean()
    padded = functional.pad(scales - mean, (0, -len(scales) % block))
    codes, steps = quantize_int8(padded.view(-1, block))
    return QuantizedScales(
        (codes.flatten()[: len(scales)].int() + 127).to(torch.uint8), steps.flatten(), mean
    )
