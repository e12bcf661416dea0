"""Positions are divided and rounded down.

Neighbours then stand at the same place, and their order is lost. Rotations know positions between
whole ones.
"""

from langmodels.transformer import *


def scaled_rotary_angles(positions, head_width, base=10000.0, *, factor, method):
    if method not in ("linear", "ntk"):
        raise ValueError(f'the method is "linear" or "ntk", not {method!r}')
    if method == "linear":
        return rotary_angles(positions // factor, head_width, base)
    return rotary_angles(positions, head_width, base * factor ** (head_width / (head_width - 2)))
