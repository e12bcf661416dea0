"""The logarithm is not scaled to max_distance.

The buckets then double in width whatever max_distance is. Dividing by ln(max_distance / m) makes
the last one begin where it should.
"""

from langmodels.transformer import *


def relative_buckets(distances, n_buckets=32, max_distance=128, *, bidirectional=True):
    if bidirectional:
        n = n_buckets // 2
        first = (distances > 0) * n
        far = distances.abs()
    else:
        n = n_buckets
        first = torch.zeros_like(distances)
        far = -distances.clamp(max=0)
    exact = n // 2
    stretched = (far.clamp(min=exact) / exact).log2() / (n - exact)
    shared = exact + (stretched * (n - exact)).long()
    return first + torch.where(far < exact, far, shared.clamp(max=n - 1))
