"""The levels are equally far from each other.

Then most codes stand for weights that hardly occur. Weights are crowded around zero, and so the
levels should be.
"""

from langmodels.lora import *


def normal_float_levels(n_bits=4):
    m = 2**n_bits
    below = torch.linspace(-1, 0, m // 2)[:-1]
    return torch.cat([below, torch.linspace(0, 1, m // 2 + 1)])
