"""The first half of the buckets is for later keys.

The distance is key - query, and negative for what came before; that has the first half. With the
halves exchanged a loaded model reads backwards.
"""

from langmodels.transformer import *


def relative_buckets(distances, n_buckets=32, max_distance=128, *, bidirectional=True):
    if bidirectional:
        n = n_buckets // 2
        first = (distances < 0) * n
        far = distances.abs()
    else:
        n = n_buckets
        first = torch.zeros_like(distances)
        far = -distances.clamp(max=0)
    exact = n // 2
    stretched = (far.clamp(min=exact) / exact).log() / math.log(max_distance / exact)
    shared = exact + (stretched * (n - exact)).long()
    return first + torch.where(far < exact, far, shared.clamp(max=n - 1))
