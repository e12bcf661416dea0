"""Right: one distance after the other, in Python."""

from langmodels.transformer import *


def relative_buckets(distances, n_buckets=32, max_distance=128, *, bidirectional=True):
    n = n_buckets // 2 if bidirectional else n_buckets
    m = n // 2

    def bucket(distance):
        if not bidirectional:
            distance = min(distance, 0)
        far, offset = abs(distance), n if distance > 0 else 0
        if far >= m:
            grown = math.log(far / m) * (n - m) / math.log(max_distance / m)
            far = min(m + math.floor(grown + 1e-9), n - 1)
        return offset + far

    found = [bucket(distance) for distance in distances.flatten().tolist()]
    return torch.tensor(found, dtype=distances.dtype).reshape(distances.shape)
