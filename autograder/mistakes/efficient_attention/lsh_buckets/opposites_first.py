"""[-x·R, x·R] in the place of [x·R, -x·R].

The partition is the same, but the numbers of the buckets are not those that were asked for.
"""

from langmodels.efficient_attention import *


def lsh_buckets(x, rotations):
    rotated = x @ rotations
    return torch.cat([-rotated, rotated], dim=-1).argmax(-1)
