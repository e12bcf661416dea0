"""Right: both as a call of rotary_angles, the base by logarithms."""

from langmodels.transformer import *


def scaled_rotary_angles(positions, head_width, base=10_000.0, *, factor, method):
    match method:
        case "linear":
            return rotary_angles(positions.float() * (1 / factor), head_width, base)
        case "ntk":
            power = head_width / (head_width - 2)
            larger = math.exp(math.log(base) + power * math.log(factor))
            return rotary_angles(positions, head_width, larger)
    raise ValueError(f"there is no method {method}")
