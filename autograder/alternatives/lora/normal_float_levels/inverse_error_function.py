"""Through the inverse error function, from the outside in."""

from langmodels.lora import *


def normal_float_levels(n_bits=4):
    m = 2**n_bits
    reach = 1 - (1 / (2 * m) + 1 / (2 * m - 2))
    above = torch.erfinv(torch.linspace(reach, 0, m // 2 + 1, dtype=torch.float64))
    below = torch.erfinv(torch.linspace(reach, 0, m // 2, dtype=torch.float64))
    levels = torch.cat([-below[:-1], above.flip(0)])
    return levels.div(levels.max()).to(torch.float32)
