"""The exponent is i/D, not 2i/D.

The slowest pair then turns as fast as the middle one should, and a long text goes round the
circle.
"""

from langmodels.transformer import *


def sinusoidal_positions(positions, width, base=10000.0):
    if width % 2:
        raise ValueError(f"sines and cosines come in pairs: a width of {width} is odd")
    exponents = torch.arange(width // 2) / width
    angles = positions[..., None] * base ** (-exponents)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)
