"""The distance m shares no bucket with those before, and m - 1 neither.

The exact buckets are for 0 … m - 1. Beginning the logarithm one earlier gives it a negative value
there, and rounds it towards 0.
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
    stretched = (far.clamp(min=exact) / exact).log() / math.log(max_distance / exact)
    shared = exact + (stretched * (n - exact)).long()
    return first + torch.where(far < exact - 1, far, shared.clamp(max=n - 1))
