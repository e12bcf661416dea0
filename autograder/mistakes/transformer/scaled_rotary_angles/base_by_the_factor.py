"""The base is multiplied by the factor itself.

The slowest pair has the exponent (K - 2)/K, so that it then turns a little less than factor times
more slowly. The power K/(K - 2) makes it exact.
"""

from langmodels.transformer import *


def scaled_rotary_angles(positions, head_width, base=10000.0, *, factor, method):
    if method not in ("linear", "ntk"):
        raise ValueError(f'the method is "linear" or "ntk", not {method!r}')
    if method == "linear":
        return rotary_angles(positions / factor, head_width, base)
    return rotary_angles(positions, head_width, base * factor)
