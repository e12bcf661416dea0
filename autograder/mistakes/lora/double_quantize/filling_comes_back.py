"""The filling comes back with the codes.

There are then more codes than scales, and whoever multiplies them with blocks of weights has none
for the last ones.
"""

from langmodels.lora import *


def double_quantize(scales, block=256):
    mean = scales.mean()
    padded = functional.pad(scales - mean, (0, -len(scales) % block))
    codes, steps = quantize_int8(padded.view(-1, block))
    return QuantizedScales(codes.flatten(), steps.flatten(), mean)
