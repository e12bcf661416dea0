"""The pieces are detached from what they were cut from.

The output is right and nothing before it ever learns. A copy through .data, .detach() or numpy is
cut off from the gradient; views are not.
"""

from langmodels.attention import *


def split_heads(x, n_heads):
    *batch, length, width = x.shape
    return x.data.reshape(*batch, length, n_heads, width // n_heads).transpose(-3, -2)
