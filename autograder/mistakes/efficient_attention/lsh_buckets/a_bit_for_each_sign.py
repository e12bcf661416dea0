"""The signs of x·R are read as the bits of a number.

That is another hash, with 2 to the power of R buckets. Here the bucket is the nearest of 2R
directions.
"""

from langmodels.efficient_attention import *


def lsh_buckets(x, rotations):
    bits = (x @ rotations > 0).long()
    return (bits << torch.arange(bits.shape[-1])).sum(-1)
