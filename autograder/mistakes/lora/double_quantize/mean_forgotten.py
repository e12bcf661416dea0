"""The mean is taken away and not given back.

Without it no scale can be restored.
"""

from langmodels.lora import *


def double_quantize(scales, block=256):
    mean = scales.mean()
    padded = functional.pad(scales - mean, (0, -len(scales) % block))
    codes, steps = quantize_int8(padded.view(-1, block))
    return QuantizedScales(codes.flatten()[: len(scales)], steps.flatten(), torch.zeros_like(mean))
