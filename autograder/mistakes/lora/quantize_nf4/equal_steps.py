"""Codes are rounded as if the levels were equally far apart.

Scaling to sixteen steps and rounding finds the nearest of equally spaced levels. These are not.
"""

from langmodels.lora import *


def quantize_nf4(weight, block=64):
    flat = weight.flatten()
    flat = functional.pad(flat, (0, -len(flat) % block))
    blocks = flat.view(-1, block)
    scales = blocks.abs().amax(1)
    levels = normal_float_levels(4).to(torch.promote_types(weight.dtype, torch.float32))
    unit = blocks.to(levels) / scales.masked_fill(scales == 0, 1.0)[:, None]
    codes = ((unit + 1) * 7.5).round().clamp(0, 15)
    return Quantized(codes.to(torch.uint8), scales, weight.shape)
