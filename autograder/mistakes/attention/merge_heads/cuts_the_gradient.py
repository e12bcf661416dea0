"""What is put together is cut off from the heads.

The output is right and no head ever learns. A copy through .data, .detach() or numpy has no way
back.
"""

from langmodels.attention import *


def merge_heads(x):
    return x.detach().transpose(-3, -2).flatten(-2)
