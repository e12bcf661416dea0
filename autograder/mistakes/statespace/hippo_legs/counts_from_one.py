"""n counts from 1.

The first polynomial is the constant one, of degree 0: √(2·0+1) = 1.
"""

from langmodels.statespace import *


def hippo_legs(size, dtype=torch.float32):
    n = torch.arange(1, size + 1, dtype=torch.float64)
    root = (2 * n + 1).sqrt()
    a = -(torch.outer(root, root).tril(-1) + (n + 1).diag())
    return a.to(dtype), root.to(dtype)
