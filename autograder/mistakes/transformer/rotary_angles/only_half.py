"""Every angle comes once only.

A pair has two features, and both are turned by the same angle: K angles are needed.
"""

from langmodels.transformer import *


def rotary_angles(positions, head_width, base=10000.0):
    exponents = torch.arange(0, head_width, 2, device=positions.device) / head_width
    angles = positions[..., None, :, None] * base ** (-exponents)
    return angles.cos(), angles.sin()
