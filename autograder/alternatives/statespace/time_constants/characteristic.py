"""numpy's eigenvalues, sorted by size first."""

from langmodels.statespace import *


def time_constants(a_bar):
    import numpy as np

    sizes = np.sort(np.abs(np.linalg.eigvals(a_bar.detach().double().numpy())))
    steps = [math.inf if s >= 1 else 0.0 if s == 0 else -1 / math.log(s) for s in sizes]
    return torch.tensor(steps, dtype=a_bar.dtype)
