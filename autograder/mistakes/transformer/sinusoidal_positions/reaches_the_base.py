"""The exponents reach 1: they are divided by D - 2.

The slowest pair turns by base^(-(D-2)/D), a little faster than 1/base. (Some implementations do
reach 1; a saved model knows only one.)
"""

from langmodels.transformer import *


def sinusoidal_positions(positions, width, base=10000.0):
    if width % 2:
        raise ValueError(f"sines and cosines come in pairs: a width of {width} is odd")
    exponents = torch.arange(0, width, 2, device=positions.device) / max(width - 2, 1)
    angles = positions[..., None] * base ** (-exponents)
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)
