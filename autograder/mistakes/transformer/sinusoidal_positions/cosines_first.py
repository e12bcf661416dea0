"""The cosine comes before the sine.

Position 0 then is 1, 0, 1, 0, where the paper has 0, 1, 0, 1.
"""

from langmodels.transformer import *


def sinusoidal_positions(positions, width, base=10000.0):
    if width % 2:
        raise ValueError(f"sines and cosines come in pairs: a width of {width} is odd")
    exponents = torch.arange(0, width, 2, device=positions.device) / width
    angles = positions[..., None] * base ** (-exponents)
    return torch.stack([angles.cos(), angles.sin()], dim=-1).flatten(-2)
