"""Negative numbers become 0.

That is ReLU. GELU lets a little of small negative numbers through, and has a slope there that
something can be learned by.
"""

from langmodels.transformer import *


def gelu(x, approximate="none"):
    if approximate not in ("none", "tanh"):
        raise ValueError(approximate)
    return x.clamp(min=0)
