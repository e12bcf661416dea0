"""All rows are turned by the first row's angles.

Rows of a batch may stand at different positions: with a cache each is as long as its own text.
"""

from langmodels.transformer import *


def rotate(x, rotation):
    cos, sin = (part[:1] for part in rotation)
    first, second = x.chunk(2, dim=-1)
    turned = torch.cat([-second, first], dim=-1)
    return (x * cos + turned * sin).to(x.dtype)
