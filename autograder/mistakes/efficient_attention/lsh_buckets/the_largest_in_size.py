"""It takes the largest |x·R|, so opposite vectors share a bucket.

They are as unlike as can be. The sign says which end of the direction is meant: index i, or R + i.
"""

from langmodels.efficient_attention import *


def lsh_buckets(x, rotations):
    return (x @ rotations).abs().argmax(-1)
