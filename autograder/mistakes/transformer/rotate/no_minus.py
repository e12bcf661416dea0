"""The minus is missing.

(a, b) becomes (a cos + b sin, b cos + a sin), which is no rotation: lengths change, and distances
do not count.
"""

from langmodels.transformer import *


def rotate(x, rotation):
    cos, sin = rotation
    first, second = x.chunk(2, dim=-1)
    turned = torch.cat([second, first], dim=-1)
    return (x * cos + turned * sin).to(x.dtype)
