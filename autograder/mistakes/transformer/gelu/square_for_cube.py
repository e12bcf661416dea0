"""The approximation has x² where x³ should be.

A square is positive on both sides, and the curve has to be the same on both sides of 0 except for
its sign.
"""

from langmodels.transformer import *


def gelu(x, approximate="none"):
    if approximate not in ("none", "tanh"):
        raise ValueError(f'approximate is "none" or "tanh", not {approximate!r}')
    wide = at_least_float32(x)
    if approximate == "none":
        below = 0.5 * (1 + (wide / math.sqrt(2)).erf())
    else:
        below = 0.5 * (1 + (math.sqrt(2 / math.pi) * (wide + 0.044715 * wide**2)).tanh())
    return (wide * below).to(x.dtype)
