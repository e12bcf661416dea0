"""argmin in the place of argmax.

A vector belongs to the direction that it points to most; the smallest product is the direction
that it points away from.
"""

from langmodels.efficient_attention import *


def lsh_buckets(x, rotations):
    rotated = x @ rotations
    return torch.cat([rotated, -rotated], dim=-1).argmin(-1)
