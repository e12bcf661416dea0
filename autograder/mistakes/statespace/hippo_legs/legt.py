"""The matrix of the sliding window, LegT.

That one measures the last θ seconds only, and its lower triangle alternates in sign. LegS measures
all of the past, and shrinks it.
"""

from langmodels.statespace import *


def hippo_legs(size, dtype=torch.float32):
    n = torch.arange(size, dtype=torch.float64)
    root = (2 * n + 1).sqrt()
    sign = (-1.0) ** (n[:, None] - n).abs()
    lower = torch.ones(size, size, dtype=torch.float64).tril()
    a = -torch.outer(root, root) * (lower + (1 - lower) * sign)
    return a.to(dtype), root.to(dtype)
