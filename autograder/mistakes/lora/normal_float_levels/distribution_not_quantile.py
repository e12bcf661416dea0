"""The distribution is taken, not its inverse.

Φ says which share lies below a number. Wanted is the number below which a share lies: that is
Φ⁻¹, ndtri.
"""

from langmodels.lora import *


def normal_float_levels(n_bits=4):
    m = 2**n_bits
    up = torch.special.ndtr(torch.linspace(0, 2, m // 2 + 1, dtype=torch.float64)) - 0.5
    down = torch.special.ndtr(torch.linspace(0, 2, m // 2, dtype=torch.float64)) - 0.5
    return (torch.cat([-down.flip(0)[:-1], up]) / up[-1]).float()
