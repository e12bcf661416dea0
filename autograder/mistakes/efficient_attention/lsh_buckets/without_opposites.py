"""Only x·R is looked at, so there are R buckets.

A direction has two ends. Without -x·R a vector that points straight away from all directions goes
to one that it is only a little less opposed to.
"""

from langmodels.efficient_attention import *


def lsh_buckets(x, rotations):
    return (x @ rotations).argmax(-1)
