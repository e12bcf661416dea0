"""The first position is 1.

Distances stay right, so that a model trains as well; but a saved one was trained from 0, and a
cache says where it is.
"""

from langmodels.transformer import *


def rotary_angles(positions, head_width, base=10000.0):
    exponents = torch.arange(0, head_width, 2, device=positions.device) / head_width
    angles = (positions[..., None, :, None] + 1) * base ** (-exponents)
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()
