"""The least scale is taken away, not the mean.

What is left is never negative, and half of the codes are never used.
"""

from langmodels.lora import *


def double_quantize(scales, block=256):
    mean = scales.amin()
    padded = functional.pad(scales - mean, (0, -len(scales) % block))
    codes, steps = quantize_int8(padded.view(-1, block))
    return QuantizedScales(codes.flatten()[: len(scales)], steps.flatten(), mean)
