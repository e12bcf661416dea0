"""The levels fall.

A code is the place of its level, and code 0 is the lowest. The other way round everything comes
back with the other sign.
"""

from langmodels.lora import *


def normal_float_levels(n_bits=4):
    m = 2**n_bits
    end = 1 - (1 / (2 * m) + 1 / (2 * m - 2)) / 2
    up = torch.special.ndtri(torch.linspace(0.5, end, m // 2 + 1, dtype=torch.float64))
    down = torch.special.ndtri(torch.linspace(0.5, end, m // 2, dtype=torch.float64))
    return (torch.cat([-down.flip(0)[:-1], up]) / up[-1]).float().flip(0)
