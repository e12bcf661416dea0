"""The ½ is missing.

1 + erf goes from 0 to 2, so that large numbers come out doubled. Φ is a probability.
"""

from langmodels.transformer import *


def gelu(x, approximate="none"):
    if approximate not in ("none", "tanh"):
        raise ValueError(f'approximate is "none" or "tanh", not {approximate!r}')
    wide = at_least_float32(x)
    if approximate == "none":
        below = 1 + (wide / math.sqrt(2)).erf()
    else:
        below = 1 + (math.sqrt(2 / math.pi) * (wide + 0.044715 * wide**3)).tanh()
    return (wide * below).to(x.dtype)
