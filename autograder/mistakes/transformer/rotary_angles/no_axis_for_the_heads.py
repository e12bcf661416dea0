"""The axis for the heads is missing.

Queries have the shape (B, H, T, K). Without it the rows of a batch are taken for heads.
"""

from langmodels.transformer import *


def rotary_angles(positions, head_width, base=10000.0):
    exponents = torch.arange(0, head_width, 2, device=positions.device) / head_width
    angles = positions[..., :, None] * base ** (-exponents)
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()
