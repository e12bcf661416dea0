"""The last head comes first.

The features of head h start at h·K, so those of head 0 come first.
"""

from langmodels.attention import *


def merge_heads(x):
    return x.flip(-3).transpose(-3, -2).flatten(-2)
