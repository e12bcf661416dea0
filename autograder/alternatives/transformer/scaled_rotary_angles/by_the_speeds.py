"""Right: the speeds of all pairs, each slowed by its own factor."""

from langmodels.transformer import *


def scaled_rotary_angles(positions, head_width, base=10_000.0, *, factor, method):
    if method not in ("linear", "ntk"):
        raise ValueError(f"no method {method!r}")
    half = head_width // 2
    pairs = torch.arange(half, dtype=torch.float64)
    slower = factor ** (pairs / (half - 1)) if method == "ntk" else factor
    speeds = base ** (-2 * pairs / head_width) / slower
    angles = positions[..., None, :, None] * speeds.repeat(2)
    return angles.cos().float(), angles.sin().float()
