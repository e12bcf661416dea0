"""What comes in 16 bits goes out in 32.

The next matrix has 16 bits and refuses to be multiplied with 32. What comes out has the dtype of
what came in.
"""

from langmodels.transformer import *


def gelu(x, approximate="none"):
    if approximate not in ("none", "tanh"):
        raise ValueError(f'approximate is "none" or "tanh", not {approximate!r}')
    wide = at_least_float32(x)
    if approximate == "none":
        below = 0.5 * (1 + (wide / math.sqrt(2)).erf())
    else:
        below = 0.5 * (1 + (math.sqrt(2 / math.pi) * (wide + 0.044715 * wide**3)).tanh())
    return wide * below
