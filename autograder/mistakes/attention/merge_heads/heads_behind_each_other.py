"""The heads are laid behind each other, as more positions.

(B, H·T, K) has the right numbers on the wrong axis. There are as many positions after attention as
before.
"""

from langmodels.attention import *


def merge_heads(x):
    return x.flatten(-3, -2)
