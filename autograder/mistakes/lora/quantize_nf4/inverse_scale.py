"""The scale is by what the numbers were multiplied.

To get the numbers back one multiplies by the scale. That is the largest magnitude, not its
inverse.
"""

from langmodels.lora import *


def quantize_nf4(weight, block=64):
    flat = weight.flatten()
    flat = functional.pad(flat, (0, -len(flat) % block))
    blocks = flat.view(-1, block)
    scales = blocks.abs().amax(1)
    levels = normal_float_levels(4).to(torch.promote_types(weight.dtype, torch.float32))
    unit = blocks.to(levels) / scales.masked_fill(scales == 0, 1.0)[:, None]
    codes = torch.bucketize(unit, (levels[1:] + levels[:-1]) / 2)
    return Quantized(codes.to(torch.uint8), 1 / scales.masked_fill(scales == 0, 1.0), weight.shape)
