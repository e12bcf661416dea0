"""The mean is not taken away.

All scales are positive, so half of the codes are never used, and the steps are coarser than they
need be.
"""

from langmodels.lora import *


def double_quantize(scales, block=256):
    mean = scales.mean()
    padded = functional.pad(scales, (0, -len(scales) % block))
    codes, steps = quantize_int8(padded.view(-1, block))
    return QuantizedScales(codes.flatten()[: len(scales)], steps.flatten(), mean)
