"""Right: Φ from erfc, which keeps its digits far below 0."""

from langmodels.transformer import *


def gelu(x, approximate="none"):
    wide = x.double()
    if approximate == "none":
        return (wide * torch.special.erfc(-wide / 2**0.5) / 2).to(x.dtype)
    if approximate != "tanh":
        raise ValueError(approximate)
    inner = wide * (2 / torch.pi) ** 0.5 * (1 + 0.044715 * wide.square())
    return (wide * torch.sigmoid(2 * inner)).to(x.dtype)
