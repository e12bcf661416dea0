"""cosine and sine are divided by the factor.

That shortens queries and keys and leaves the angles as they were. It is the angle that is divided.
"""

from langmodels.transformer import *


def scaled_rotary_angles(positions, head_width, base=10_000.0, *, factor, method):
    if method not in ("linear", "ntk"):
        raise ValueError(f"the method is not {method!r}")
    if method == "linear":
        cos, sin = rotary_angles(positions, head_width, base)
        return cos / factor, sin / factor
    return rotary_angles(positions, head_width, base * factor ** (head_width / (head_width - 2)))
