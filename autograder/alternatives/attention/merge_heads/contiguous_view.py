"""Right: turns the axes, copies, and views."""

from langmodels.attention import *


def merge_heads(x):
    *batch, n_heads, length, width = x.shape
    return x.transpose(-2, -3).contiguous().view(*batch, length, n_heads * width)
