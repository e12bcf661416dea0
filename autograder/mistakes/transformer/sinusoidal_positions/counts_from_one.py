"""The first position is 1.

Positions come in as they are: position 0 has angles of 0.
"""

from langmodels.transformer import *


def sinusoidal_positions(positions, width, base=10000.0):
    if width % 2:
        raise ValueError(f"sines and cosines come in pairs: a width of {width} is odd")
    exponents = torch.arange(0, width, 2, device=positions.device) / width
    angles = (positions + 1)[..., None] * base ** (-exponents)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)
