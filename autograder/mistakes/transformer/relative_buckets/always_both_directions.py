"""`bidirectional` is not looked at.

In a decoder half of the buckets would be for keys that nobody may see.
"""

from langmodels.transformer import *


def relative_buckets(distances, n_buckets=32, max_distance=128, *, bidirectional=True):
    if True:
        n = n_buckets // 2
        first = (distances > 0) * n
        far = distances.abs()
    else:
        n = n_buckets
        first = torch.zeros_like(distances)
        far = -distances.clamp(max=0)
    exact = n // 2
    stretched = (far.clamp(min=exact) / exact).log() / math.log(max_distance / exact)
    shared = exact + (stretched * (n - exact)).long()
    return first + torch.where(far < exact, far, shared.clamp(max=n - 1))
