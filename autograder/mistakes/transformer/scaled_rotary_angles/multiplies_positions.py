"""Positions are multiplied by the factor.

Then the text seems longer still. Interpolation presses positions together, into the range of the
training.
"""

from langmodels.transformer import *


def scaled_rotary_angles(positions, head_width, base=10000.0, *, factor, method):
    if method not in ("linear", "ntk"):
        raise ValueError(f'the method is "linear" or "ntk", not {method!r}')
    if method == "linear":
        return rotary_angles(positions * factor, head_width, base)
    return rotary_angles(positions, head_width, base * factor ** (head_width / (head_width - 2)))
