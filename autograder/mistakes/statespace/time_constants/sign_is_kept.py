"""The logarithm is taken of the real part of the eigenvalue.

A mode of -0.9 shrinks as slowly as one of 0.9, and one that turns shrinks by its size, not by what
it has on the real axis.

See: long-memory#eq-time-constant
"""

from langmodels.statespace import *


def time_constants(a_bar):
    size = torch.linalg.eigvals(a_bar).real.clamp(min=0)
    steps = torch.where(size < 1, -1 / size.log(), torch.inf)
    return steps.sort().values
