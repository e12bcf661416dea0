"""The error function gets x, not x / √2.

Φ(x) is ½ (1 + erf(x / √2)). Without the root the curve is that of a normal distribution with half
the variance.
"""

from langmodels.transformer import *


def gelu(x, approximate="none"):
    if approximate not in ("none", "tanh"):
        raise ValueError(f'approximate is "none" or "tanh", not {approximate!r}')
    wide = at_least_float32(x)
    if approximate == "none":
        below = 0.5 * (1 + (wide).erf())
    else:
        below = 0.5 * (1 + (math.sqrt(2 / math.pi) * (wide + 0.044715 * wide**3)).tanh())
    return (wide * below).to(x.dtype)
