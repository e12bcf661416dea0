"""The part with the sines carries no gradient.

The output is right and training is not: what flows back has to be turned back, by both.
"""

from langmodels.transformer import *


def rotate(x, rotation):
    cos, sin = rotation
    first, second = x.chunk(2, dim=-1)
    turned = torch.cat([-second, first], dim=-1)
    return (x * cos + turned.detach() * sin).to(x.dtype)
