"""The levels are float64.

Multiplied with float32 weights they make everything float64, twice the memory, although the codes
know four bits.
"""

from langmodels.lora import *


def normal_float_levels(n_bits=4):
    m = 2**n_bits
    end = 1 - (1 / (2 * m) + 1 / (2 * m - 2)) / 2
    up = torch.special.ndtri(torch.linspace(0.5, end, m // 2 + 1, dtype=torch.float64))
    down = torch.special.ndtri(torch.linspace(0.5, end, m // 2, dtype=torch.float64))
    return torch.cat([-down.flip(0)[:-1], up]) / up[-1]
