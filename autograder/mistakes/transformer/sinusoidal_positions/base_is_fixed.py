"""The base is always 10 000.

It is an argument: for short texts a smaller one spreads the speeds better.
"""

from langmodels.transformer import *


def sinusoidal_positions(positions, width, base=10000.0):
    if width % 2:
        raise ValueError(f"sines and cosines come in pairs: a width of {width} is odd")
    exponents = torch.arange(0, width, 2, device=positions.device) / width
    angles = positions[..., None] * 10000.0 ** (-exponents)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)
