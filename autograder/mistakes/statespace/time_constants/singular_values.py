"""Singular values instead of eigenvalues.

They say what one step can do to the length of a state at most. What many steps do, eigenvalues
say.
"""

from langmodels.statespace import *


def time_constants(a_bar):
    size = torch.linalg.svdvals(a_bar)
    steps = torch.where(size < 1, -1 / size.log(), torch.inf)
    return steps.sort().values
