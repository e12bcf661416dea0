"""The quantiles are not divided by the largest.

A block is scaled to numbers between -1 and 1. Levels beyond that are never used, and the rest is
too coarse.
"""

from langmodels.lora import *


def normal_float_levels(n_bits=4):
    m = 2**n_bits
    end = 1 - (1 / (2 * m) + 1 / (2 * m - 2)) / 2
    up = torch.special.ndtri(torch.linspace(0.5, end, m // 2 + 1, dtype=torch.float64))
    down = torch.special.ndtri(torch.linspace(0.5, end, m // 2, dtype=torch.float64))
    return torch.cat([-down.flip(0)[:-1], up]).float()
