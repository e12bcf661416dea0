"""The roots are forgotten.

They make the polynomials orthonormal. Without them another scale of each coefficient is meant, and
B has to change with A.
"""

from langmodels.statespace import *


def hippo_legs(size, dtype=torch.float32):
    n = torch.arange(size, dtype=torch.float64)
    root = 2 * n + 1
    a = -(torch.outer(root, root).tril(-1) + (n + 1).diag())
    return a.to(dtype), root.to(dtype)
