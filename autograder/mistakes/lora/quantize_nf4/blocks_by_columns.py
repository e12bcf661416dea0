"""Blocks follow the columns.

A block is what lies side by side in memory, row by row. Taken by columns, each weight meets
another one's scale when it comes back.
"""

from langmodels.lora import *


def quantize_nf4(weight, block=64):
    flat = weight.transpose(0, -1).flatten() if weight.ndim > 1 else weight
    flat = functional.pad(flat, (0, -len(flat) % block))
    blocks = flat.view(-1, block)
    scales = blocks.abs().amax(1)
    levels = normal_float_levels(4).to(torch.promote_types(weight.dtype, torch.float32))
    unit = blocks.to(levels) / scales.masked_fill(scales == 0, 1.0)[:, None]
    codes = torch.bucketize(unit, (levels[1:] + levels[:-1]) / 2)
    return Quantized(codes.to(torch.uint8), scales, weight.shape)
