"""Measures the distance to each of the sixteen levels."""

from langmodels.lora import *


def quantize_nf4(weight, block=64):
    n_blocks = -(-weight.numel() // block)
    blocks = weight.new_zeros(n_blocks, block)
    blocks.view(-1)[: weight.numel()] = weight.reshape(-1)
    scales = blocks.abs().max(1).values
    safe = torch.where(scales > 0, scales, torch.ones_like(scales)).double()
    unit = blocks.double() / safe[:, None]
    distances = (unit[..., None] - normal_float_levels(4).double()).abs()
    return Quantized(distances.argmin(-1).to(torch.uint8), scales, weight.shape)
