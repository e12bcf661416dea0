"""The diagonal is n.

Then the first mode does not fade at all, and a level that has passed is never forgotten.
"""

from langmodels.statespace import *


def hippo_legs(size, dtype=torch.float32):
    n = torch.arange(size, dtype=torch.float64)
    root = (2 * n + 1).sqrt()
    a = -(torch.outer(root, root).tril(-1) + n.diag())
    return a.to(dtype), root.to(dtype)
