"""view() is used, which fails for tensors that do not lie in one piece in memory.

After a transpose or a slice the numbers lie elsewhere. reshape() copies where it has to.
"""

from langmodels.attention import *


def split_heads(x, n_heads):
    *batch, length, width = x.shape
    flat = x.view(-1)
    return flat.view(*batch, length, n_heads, width // n_heads).transpose(-3, -2)
