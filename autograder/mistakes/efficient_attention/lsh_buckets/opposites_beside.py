"""Each direction's opposite has the next number: 2i and 2i + 1.

The concatenation [x·R, -x·R] puts all opposites after all directions: i and R + i.
"""

from langmodels.efficient_attention import *


def lsh_buckets(x, rotations):
    rotated = x @ rotations
    return torch.stack([rotated, -rotated], dim=-1).flatten(-2).argmax(-1)
