"""The steps keep their second axis.

Steps of shape (M, 1) do not multiply with codes in one row; they broadcast to a table of all with
all.
"""

from langmodels.lora import *


def double_quantize(scales, block=256):
    mean = scales.mean()
    padded = functional.pad(scales - mean, (0, -len(scales) % block))
    codes, steps = quantize_int8(padded.view(-1, block))
    return QuantizedScales(codes.flatten()[: len(scales)], steps, mean)
