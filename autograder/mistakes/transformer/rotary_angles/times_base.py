"""Later pairs turn faster: base^(+2i/K).

The angles grow to thousands of turns a position. The sign of the exponent is minus.
"""

from langmodels.transformer import *


def rotary_angles(positions, head_width, base=10000.0):
    exponents = torch.arange(0, head_width, 2, device=positions.device) / head_width
    angles = positions[..., None, :, None] * base**exponents
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()
