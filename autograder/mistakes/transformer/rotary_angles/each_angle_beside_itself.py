"""Each angle stands twice in a row: 0, 0, 1, 1.

That is for pairs of neighbours. Here features i and i + K/2 are a pair, so the row of angles comes
twice.
"""

from langmodels.transformer import *


def rotary_angles(positions, head_width, base=10000.0):
    exponents = torch.arange(0, head_width, 2, device=positions.device) / head_width
    angles = positions[..., None, :, None] * base ** (-exponents)
    angles = angles.repeat_interleave(2, dim=-1)
    return angles.cos(), angles.sin()
