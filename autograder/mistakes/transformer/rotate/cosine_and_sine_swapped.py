"""Cosine and sine are exchanged.

An angle of 0 then turns by a quarter. Distances still count, and loaded weights do not fit.
"""

from langmodels.transformer import *


def rotate(x, rotation):
    sin, cos = rotation
    first, second = x.chunk(2, dim=-1)
    turned = torch.cat([-second, first], dim=-1)
    return (x * cos + turned * sin).to(x.dtype)
