"""Positions are counted from 0, whatever is given.

With a cache one token comes at a time, and it is not at position 0. Rows may stand at different
ones.
"""

from langmodels.transformer import *


def rotary_angles(positions, head_width, base=10000.0):
    exponents = torch.arange(0, head_width, 2, device=positions.device) / head_width
    angles = torch.arange(positions.shape[-1]).expand(positions.shape)[
        ..., None, :, None
    ] * base ** (-exponents)
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()
