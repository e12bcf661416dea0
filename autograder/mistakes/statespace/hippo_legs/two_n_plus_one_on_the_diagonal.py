"""The diagonal is 2n + 1.

The outer product of the roots has 2n + 1 there. The matrix has n + 1: the other n are what the
growing span takes away.
"""

from langmodels.statespace import *


def hippo_legs(size, dtype=torch.float32):
    n = torch.arange(size, dtype=torch.float64)
    root = (2 * n + 1).sqrt()
    a = -(torch.outer(root, root).tril())
    return a.to(dtype), root.to(dtype)
