"""The angle is taken in degrees.

The fastest pair then needs 360 positions to go round, and neighbours look alike.
"""

from langmodels.transformer import *


def sinusoidal_positions(positions, width, base=10000.0):
    if width % 2:
        raise ValueError(f"sines and cosines come in pairs: a width of {width} is odd")
    exponents = torch.arange(0, width, 2, device=positions.device) / width
    angles = positions[..., None] * base ** (-exponents)
    return torch.stack([angles.deg2rad().sin(), angles.deg2rad().cos()], dim=-1).flatten(-2)
