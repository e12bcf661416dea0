"""Below zero there is one level more than above.

One side has to have one more. The published table has it above zero, and codes are understood by
that table only.
"""

from langmodels.lora import *


def normal_float_levels(n_bits=4):
    m = 2**n_bits
    end = 1 - (1 / (2 * m) + 1 / (2 * m - 2)) / 2
    up = torch.special.ndtri(torch.linspace(0.5, end, m // 2 + 1, dtype=torch.float64))
    down = torch.special.ndtri(torch.linspace(0.5, end, m // 2, dtype=torch.float64))
    return -(torch.cat([-down.flip(0)[:-1], up]) / up[-1]).float().flip(0)
