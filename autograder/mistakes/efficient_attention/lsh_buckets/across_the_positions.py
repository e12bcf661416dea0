"""The maximum is sought over the positions.

Each vector goes to a bucket of its own choice, so it is the last axis, the directions, that is
searched.
"""

from langmodels.efficient_attention import *


def lsh_buckets(x, rotations):
    rotated = x @ rotations
    return torch.cat([rotated, -rotated], dim=-1).argmax(-2)
