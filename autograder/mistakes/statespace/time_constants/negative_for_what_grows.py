"""What grows has a negative number of steps.

-1 / ln |λ| is negative for |λ| > 1. Such a mode never falls to 1/e: inf.
"""

from langmodels.statespace import *


def time_constants(a_bar):
    size = torch.linalg.eigvals(a_bar).abs()
    steps = -1 / size.log()
    return steps.sort().values
