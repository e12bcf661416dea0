"""Every feature has an angle of its own.

Sine and cosine of one angle make a point on a circle, and moving on by one turns it. With two
speeds there is no circle, and the product of two positions does not tell their distance.
"""

from langmodels.transformer import *


def sinusoidal_positions(positions, width, base=10_000.0):
    if width % 2:
        raise ValueError(f"a width of {width} is odd")
    angles = positions[..., None] * base ** (-torch.arange(width) / width)
    odd = torch.arange(width) % 2 == 1
    return torch.where(odd, angles.cos(), angles.sin())
