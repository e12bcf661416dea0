"""The exponents begin at 2/D.

The first pair turns by 1 a position, base⁰. Counting from 1 shifts every speed by one place.
"""

from langmodels.transformer import *


def sinusoidal_positions(positions, width, base=10000.0):
    if width % 2:
        raise ValueError(f"sines and cosines come in pairs: a width of {width} is odd")
    exponents = torch.arange(2, width + 2, 2, device=positions.device) / width
    angles = positions[..., None] * base ** (-exponents)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)
