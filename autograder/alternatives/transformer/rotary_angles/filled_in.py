"""Right: pair by pair, in float64."""

from langmodels.transformer import *


def rotary_angles(positions, head_width, base=10_000.0):
    half = head_width // 2
    angles = torch.empty(*positions.shape, head_width, dtype=torch.float64)
    for i in range(half):
        angles[..., i] = angles[..., i + half] = positions.double() / base ** (2 * i / head_width)
    angles = angles.unsqueeze(-3)
    return angles.cos().float(), angles.sin().float()
