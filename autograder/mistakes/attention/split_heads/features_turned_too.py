"""The last two axes are swapped: a head's features come before its positions.

That is what K ᵀ will need, but only the keys, and only in the product of queries and keys.
"""

from langmodels.attention import *


def split_heads(x, n_heads):
    *batch, length, width = x.shape
    return x.reshape(*batch, length, n_heads, width // n_heads).movedim(-3, -1)
