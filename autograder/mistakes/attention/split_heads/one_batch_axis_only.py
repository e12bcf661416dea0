"""Exactly one batch axis is expected.

The docstring has *batch: none, one, or several. Count axes from the end.
"""

from langmodels.attention import *


def split_heads(x, n_heads):
    size, length, width = x.shape
    return x.view(size, length, n_heads, width // n_heads).transpose(1, 2)
