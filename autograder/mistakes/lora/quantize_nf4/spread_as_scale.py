"""The scale is the spread of the block.

Levels are quantiles of a normal distribution, but they end at -1 and 1. Everything beyond one
spread would be cut off.
"""

from langmodels.lora import *


def quantize_nf4(weight, block=64):
    flat = weight.flatten()
    flat = functional.pad(flat, (0, -len(flat) % block))
    blocks = flat.view(-1, block)
    scales = blocks.square().mean(1).sqrt()
    levels = normal_float_levels(4).to(torch.promote_types(weight.dtype, torch.float32))
    unit = blocks.to(levels) / scales.masked_fill(scales == 0, 1.0)[:, None]
    codes = torch.bucketize(unit, (levels[1:] + levels[:-1]) / 2)
    return Quantized(codes.to(torch.uint8), scales, weight.shape)
