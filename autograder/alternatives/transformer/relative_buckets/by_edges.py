"""Right: the edges of the buckets, and torch.searchsorted."""

from langmodels.transformer import *


def relative_buckets(distances, n_buckets=32, max_distance=128, *, bidirectional=True):
    n = n_buckets // 2 if bidirectional else n_buckets
    m = n // 2
    shared = [m * (max_distance / m) ** (k / (n - m)) for k in range(1, n - m)]
    edges = torch.tensor([*range(1, m + 1), *(edge - 1e-6 for edge in shared)], dtype=torch.float64)
    far = distances.abs() if bidirectional else (-distances).clamp(min=0)
    found = torch.searchsorted(edges, far.double(), right=True)
    return torch.where(distances > 0, found + n, found) if bidirectional else found
