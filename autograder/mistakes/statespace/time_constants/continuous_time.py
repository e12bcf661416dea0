"""1 / |Re λ|, as for a differential equation.

Ā belongs to steps: it multiplies the state, and what shrinks it is the size of its eigenvalues.
The real part is what counts in continuous time.
"""

from langmodels.statespace import *


def time_constants(a_bar):
    size = torch.linalg.eigvals(a_bar).abs()
    steps = torch.where(size < 1, 1 / torch.linalg.eigvals(a_bar).real.abs(), torch.inf)
    return steps.sort().values
