"""The quantiles are taken at equal steps over everything.

Sixteen is even, so zero is then none of them, and a weight of zero comes back as something else.
Padding and pruned weights need an exact zero.
"""

from langmodels.lora import *


def normal_float_levels(n_bits=4):
    m = 2**n_bits
    end = 1 - (1 / (2 * m) + 1 / (2 * m - 2)) / 2
    levels = torch.special.ndtri(torch.linspace(1 - end, end, m, dtype=torch.float64))
    return (levels / levels[-1]).float()
