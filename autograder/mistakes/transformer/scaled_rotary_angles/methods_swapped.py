"""The two methods are exchanged.

Linear changes the positions and slows all pairs alike; NTK changes the base and leaves the fastest
as it is.
"""

from langmodels.transformer import *


def scaled_rotary_angles(positions, head_width, base=10000.0, *, factor, method):
    if method not in ("linear", "ntk"):
        raise ValueError(f'the method is "linear" or "ntk", not {method!r}')
    if method == "ntk":
        return rotary_angles(positions / factor, head_width, base)
    return rotary_angles(positions, head_width, base * factor ** (head_width / (head_width - 2)))
