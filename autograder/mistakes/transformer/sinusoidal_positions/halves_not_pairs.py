"""All sines come first, then all cosines.

Some models do that, and it is as good; but a table that is saved in one order cannot be read in
the other. Here sine and cosine of one angle stand side by side.
"""

from langmodels.transformer import *


def sinusoidal_positions(positions, width, base=10000.0):
    if width % 2:
        raise ValueError(f"sines and cosines come in pairs: a width of {width} is odd")
    exponents = torch.arange(0, width, 2, device=positions.device) / width
    angles = positions[..., None] * base ** (-exponents)
    return torch.cat([angles.sin(), angles.cos()], dim=-1)
