"""The diagonal of Ā is taken for its eigenvalues.

That holds for triangular matrices, such as HiPPO's. In general what is off the diagonal shifts
them.
"""

from langmodels.statespace import *


def time_constants(a_bar):
    size = a_bar.diagonal().abs()
    steps = torch.where(size < 1, -1 / size.log(), torch.inf)
    return steps.sort().values
