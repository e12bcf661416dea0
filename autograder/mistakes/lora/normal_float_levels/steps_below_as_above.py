"""Below zero the steps are those from above, without the last.

Then -1 is no level. Each side has equal steps of its own, all the way to the end.
"""

from langmodels.lora import *


def normal_float_levels(n_bits=4):
    m = 2**n_bits
    end = 1 - (1 / (2 * m) + 1 / (2 * m - 2)) / 2
    up = torch.special.ndtri(torch.linspace(0.5, end, m // 2 + 1, dtype=torch.float64))
    down = torch.special.ndtri(torch.linspace(0.5, end, m // 2 + 1, dtype=torch.float64))
    return (torch.cat([-down[:-1].flip(0)[:-1], up]) / up[-1]).float()
