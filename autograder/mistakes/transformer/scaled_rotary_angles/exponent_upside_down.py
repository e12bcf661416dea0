"""The power is (K - 2)/K.

It should undo the exponent of the slowest pair, (K - 2)/K; so it is the inverse of that.
"""

from langmodels.transformer import *


def scaled_rotary_angles(positions, head_width, base=10000.0, *, factor, method):
    if method not in ("linear", "ntk"):
        raise ValueError(f'the method is "linear" or "ntk", not {method!r}')
    if method == "linear":
        return rotary_angles(positions / factor, head_width, base)
    return rotary_angles(positions, head_width, base * factor ** ((head_width - 2) / head_width))
