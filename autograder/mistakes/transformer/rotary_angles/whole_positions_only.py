"""Positions are rounded to whole numbers.

Interpolation needs positions between: that is how a model reads further than it was trained.
"""

from langmodels.transformer import *


def rotary_angles(positions, head_width, base=10000.0):
    exponents = torch.arange(0, head_width, 2, device=positions.device) / head_width
    angles = positions.long()[..., None, :, None] * base ** (-exponents)
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()
