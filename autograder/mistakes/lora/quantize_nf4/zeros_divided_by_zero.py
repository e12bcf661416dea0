"""A block of zeros is divided by its scale of zero.

0/0 is not a number, and its code is anything: here the last one. Padding is such a block.
"""

from langmodels.lora import *


def quantize_nf4(weight, block=64):
    flat = weight.flatten()
    flat = functional.pad(flat, (0, -len(flat) % block))
    blocks = flat.view(-1, block)
    scales = blocks.abs().amax(1)
    levels = normal_float_levels(4).to(torch.promote_types(weight.dtype, torch.float32))
    unit = blocks.to(levels) / scales[:, None]
    codes = torch.bucketize(unit, (levels[1:] + levels[:-1]) / 2)
    return Quantized(codes.to(torch.uint8), scales, weight.shape)
