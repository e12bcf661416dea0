"""The end is 1 - 1/2m only.

δ is the mean of 1/2m and 1/(2m - 2), one for each side. With one of them alone all levels are a
little off.
"""

from langmodels.lora import *


def normal_float_levels(n_bits=4):
    m = 2**n_bits
    end = 1 - 1 / (2 * m)
    up = torch.special.ndtri(torch.linspace(0.5, end, m // 2 + 1, dtype=torch.float64))
    down = torch.special.ndtri(torch.linspace(0.5, end, m // 2, dtype=torch.float64))
    return (torch.cat([-down.flip(0)[:-1], up]) / up[-1]).float()
