"""Φ is replaced by σ(1.702 x).

That is another approximation, which some models use (CLIP has it). It is off by up to 0.02.
"""

from langmodels.transformer import *


def gelu(x, approximate="none"):
    if approximate not in ("none", "tanh"):
        raise ValueError(f'approximate is "none" or "tanh", not {approximate!r}')
    wide = at_least_float32(x)
    if approximate == "none":
        below = 0.5 * (1 + (wide / math.sqrt(2)).erf())
    else:
        below = (1.702 * wide).sigmoid()
    return (wide * below).to(x.dtype)
