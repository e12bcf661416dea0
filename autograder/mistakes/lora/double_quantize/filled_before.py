"""The last block is filled up before the mean is taken away.

The filling then is minus the mean, far from all scales, and makes the last block's step coarse.
"""

from langmodels.lora import *


def double_quantize(scales, block=256):
    mean = scales.mean()
    padded = functional.pad(scales, (0, -len(scales) % block)) - mean
    codes, steps = quantize_int8(padded.view(-1, block))
    return QuantizedScales(codes.flatten()[: len(scales)], steps.flatten(), mean)
