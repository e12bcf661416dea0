"""The halves are not exchanged.

Each feature has to meet the other of its pair: what goes into the first half is minus the second.
"""

from langmodels.transformer import *


def rotate(x, rotation):
    cos, sin = rotation
    first, second = x.chunk(2, dim=-1)
    turned = torch.cat([-first, second], dim=-1)
    return (x * cos + turned * sin).to(x.dtype)
