"""The number of bits is ignored.

Three bits have eight levels. Reading a table of sixteen, whatever was asked for, gives codes that
do not exist.
"""

from langmodels.lora import *


def normal_float_levels(n_bits=4):
    end = 1 - (1 / 32 + 1 / 30) / 2
    up = torch.special.ndtri(torch.linspace(0.5, end, 9, dtype=torch.float64))
    down = torch.special.ndtri(torch.linspace(0.5, end, 8, dtype=torch.float64))
    return (torch.cat([-down.flip(0)[:-1], up]) / up[-1]).float()
