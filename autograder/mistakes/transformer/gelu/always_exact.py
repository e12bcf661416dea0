"""The approximation is never used.

GPT-2 was trained with the tanh. The two differ in the fourth digit, and through many layers the
logits show it.
"""

from langmodels.transformer import *


def gelu(x, approximate="none"):
    if approximate not in ("none", "tanh"):
        raise ValueError(f'approximate is "none" or "tanh", not {approximate!r}')
    wide = at_least_float32(x)
    if True:
        below = 0.5 * (1 + (wide / math.sqrt(2)).erf())
    else:
        below = 0.5 * (1 + (math.sqrt(2 / math.pi) * (wide + 0.044715 * wide**3)).tanh())
    return (wide * below).to(x.dtype)
