"""The base of the training is forgotten.

Models differ in it. Only the base that a model was trained with gives the angles that it knows.
"""

from langmodels.transformer import *


def scaled_rotary_angles(positions, head_width, base=10000.0, *, factor, method):
    if method not in ("linear", "ntk"):
        raise ValueError(f'the method is "linear" or "ntk", not {method!r}')
    base = 10000.0
    if method == "linear":
        return rotary_angles(positions / factor, head_width, base)
    return rotary_angles(positions, head_width, base * factor ** (head_width / (head_width - 2)))
