"""The angles are negative.

Everything is then turned the other way round. Distances still count, so that it trains; loaded
weights do not fit.
"""

from langmodels.transformer import *


def rotary_angles(positions, head_width, base=10000.0):
    exponents = torch.arange(0, head_width, 2, device=positions.device) / head_width
    angles = positions[..., None, :, None] * base ** (-exponents)
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), -angles.sin()
