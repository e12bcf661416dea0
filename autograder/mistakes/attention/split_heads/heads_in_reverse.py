"""The last features make the first head.

Head h has the features from h·K on, in the order of the width.
"""

from langmodels.attention import *


def split_heads(x, n_heads):
    *batch, length, width = x.shape
    return x.reshape(*batch, length, n_heads, width // n_heads).transpose(-3, -2).flip(-3)
