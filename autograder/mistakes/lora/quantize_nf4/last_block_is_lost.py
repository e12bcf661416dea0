"""What does not fill a block is left out.

A tensor whose size is no multiple of the block then loses its last weights.
"""

from langmodels.lora import *


def quantize_nf4(weight, block=64):
    flat = weight.flatten()
    flat = (
        flat[: len(flat) // block * block]
        if len(flat) >= block
        else functional.pad(flat, (0, block - len(flat)))
    )
    blocks = flat.view(-1, block)
    scales = blocks.abs().amax(1)
    levels = normal_float_levels(4).to(torch.promote_types(weight.dtype, torch.float32))
    unit = blocks.to(levels) / scales.masked_fill(scales == 0, 1.0)[:, None]
    codes = torch.bucketize(unit, (levels[1:] + levels[:-1]) / 2)
    return Quantized(codes.to(torch.uint8), scales, weight.shape)
