"""The numbers stand above the diagonal.

Row n is what moves number n, and it is moved by those of lower degree: k < n, which is below the
diagonal.

See: long-memory#eq-legs
"""

from langmodels.statespace import *


def hippo_legs(size, dtype=torch.float32):
    n = torch.arange(size, dtype=torch.float64)
    root = (2 * n + 1).sqrt()
    a = -(torch.outer(root, root).tril(-1) + (n + 1).diag())
    return a.T.contiguous().to(dtype), root.to(dtype)
