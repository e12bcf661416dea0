"""It gives the largest product, not which one it is.

A bucket is a whole number: the index of the largest.
"""

from langmodels.efficient_attention import *


def lsh_buckets(x, rotations):
    rotated = x @ rotations
    return torch.cat([rotated, -rotated], dim=-1).amax(-1)
