"""Blocks are of 256 scales, whatever was asked for.

256 is only what block is if the caller says nothing.
"""

from langmodels.lora import *


def double_quantize(scales, block=256):
    block = 256
    mean = scales.mean()
    padded = functional.pad(scales - mean, (0, -len(scales) % block))
    codes, steps = quantize_int8(padded.view(-1, block))
    return QuantizedScales(codes.flatten()[: len(scales)], steps.flatten(), mean)
