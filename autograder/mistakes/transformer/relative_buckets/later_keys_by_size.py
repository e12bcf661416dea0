"""In one direction later keys have the bucket of their distance.

The docstring gives them that of distance 0. A mask hides them, and they must not be mistaken for
earlier ones.
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
        far = distances.abs()
    exact = n // 2
    stretched = (far.clamp(min=exact) / exact).log() / math.log(max_distance / exact)
    shared = exact + (stretched * (n - exact)).long()
    return first + torch.where(far < exact, far, shared.clamp(max=n - 1))
