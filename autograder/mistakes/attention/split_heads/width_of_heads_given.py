"""The second argument is taken for the width of a head.

It is the number of heads; their width follows from it.
"""

from langmodels.attention import *


def split_heads(x, n_heads):
    *batch, length, width = x.shape
    return x.reshape(*batch, length, width // n_heads, n_heads).transpose(-3, -2)
