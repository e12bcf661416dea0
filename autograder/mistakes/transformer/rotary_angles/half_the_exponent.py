"""The exponent is i/K, not 2i/K.

The slowest pair then turns as fast as the middle one should.
"""

from langmodels.transformer import *


def rotary_angles(positions, head_width, base=10000.0):
    exponents = torch.arange(head_width // 2) / head_width
    angles = positions[..., None, :, None] * base ** (-exponents)
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()
