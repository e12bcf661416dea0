"""The base is always 10 000.

It is an argument: models for long texts have 500 000 and more, and their weights know it.
"""

from langmodels.transformer import *


def rotary_angles(positions, head_width, base=10000.0):
    exponents = torch.arange(0, head_width, 2, device=positions.device) / head_width
    angles = positions[..., None, :, None] * 10000.0 ** (-exponents)
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()
