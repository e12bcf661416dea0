"""Right: speeds as exponentials of logarithms, cosines as sines moved by a quarter turn."""

from langmodels.transformer import *


def sinusoidal_positions(positions, width, base=10_000.0):
    if width % 2:
        raise ValueError(f"a width of {width} is odd")
    speeds = torch.exp(torch.arange(0, width, 2) * (-math.log(base) / width))
    angles = torch.einsum("...,f->...f", positions.float(), speeds).repeat_interleave(2, dim=-1)
    quarter = torch.tensor([0.0, math.pi / 2]).repeat(width // 2)
    return torch.sin(angles + quarter)
