"""The axis of the heads stays behind that of the positions.

(B, T, H, K) is how the features lie, but attention compares positions: T has to be the last axis
but one, and H stands beside the batch.
"""

from langmodels.attention import *


def split_heads(x, n_heads):
    *batch, length, width = x.shape
    return x.reshape(*batch, length, n_heads, width // n_heads)
