"""Right: sines and cosines written into every other feature, in float64."""

from langmodels.transformer import *


def sinusoidal_positions(positions, width, base=10_000.0):
    if width % 2:
        raise ValueError(f"a width of {width} is odd")
    table = torch.empty(*positions.shape, width, dtype=torch.float64)
    for i in range(width // 2):
        angle = positions.double() / base ** (2 * i / width)
        table[..., 2 * i] = angle.sin()
        table[..., 2 * i + 1] = angle.cos()
    return table.float()
