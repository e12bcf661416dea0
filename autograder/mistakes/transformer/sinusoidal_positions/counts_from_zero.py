"""Positions are counted anew, whatever is given.

The rows of a batch may begin elsewhere, and a decoder that goes on writing stands at position 57,
not 0.
"""

from langmodels.transformer import *


def sinusoidal_positions(positions, width, base=10000.0):
    if width % 2:
        raise ValueError(f"sines and cosines come in pairs: a width of {width} is odd")
    if not positions.ndim:
        positions = positions[None]
    exponents = torch.arange(0, width, 2, device=positions.device) / width
    angles = torch.arange(positions.shape[-1]).expand(positions.shape)[..., None] * base ** (
        -exponents
    )
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)
