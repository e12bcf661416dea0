"""The minus is forgotten.

Then every mode grows, and the state overflows within a few steps. The paper writes the minus in
front of A; here it is a part of it.
"""

from langmodels.statespace import *


def hippo_legs(size, dtype=torch.float32):
    n = torch.arange(size, dtype=torch.float64)
    root = (2 * n + 1).sqrt()
    a = torch.outer(root, root).tril(-1) + (n + 1).diag()
    return a.to(dtype), root.to(dtype)
