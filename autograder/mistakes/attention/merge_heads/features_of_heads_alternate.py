"""The first features of all heads come first, then all second ones.

Joining (K, H) instead of (H, K) shuffles the width. split_heads put features side by side, and the
matrix that comes next expects them so.
"""

from langmodels.attention import *


def merge_heads(x):
    return x.movedim(-3, -1).flatten(-2)
