"""Steps until one half is left, not 1/e.

The half-life is shorter by a factor of ln 2. Both are in use: the docstring says 1/e.
"""

from langmodels.statespace import *


def time_constants(a_bar):
    size = torch.linalg.eigvals(a_bar).abs()
    steps = torch.where(size < 1, -math.log(2) / size.log(), torch.inf)
    return steps.sort().values
