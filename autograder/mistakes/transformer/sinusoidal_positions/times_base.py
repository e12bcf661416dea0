"""Later pairs turn faster: base^(+2i/D).

The angles grow to thousands of turns a position, where nothing can be told from noise. The sign of
the exponent is minus.
"""

from langmodels.transformer import *


def sinusoidal_positions(positions, width, base=10000.0):
    if width % 2:
        raise ValueError(f"sines and cosines come in pairs: a width of {width} is odd")
    exponents = torch.arange(0, width, 2, device=positions.device) / width
    angles = positions[..., None] * base**exponents
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(-2)
