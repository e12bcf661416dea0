"""The factor is √(π/2), upside down.

The slope of Φ at 0 is 1/√(2π), and ½ √(2/π) is the same number.
"""

from langmodels.transformer import *


def gelu(x, approximate="none"):
    if approximate not in ("none", "tanh"):
        raise ValueError(f'approximate is "none" or "tanh", not {approximate!r}')
    wide = at_least_float32(x)
    if approximate == "none":
        below = 0.5 * (1 + (wide / math.sqrt(2)).erf())
    else:
        below = 0.5 * (1 + (math.sqrt(math.pi / 2) * (wide + 0.044715 * wide**3)).tanh())
    return (wide * below).to(x.dtype)
