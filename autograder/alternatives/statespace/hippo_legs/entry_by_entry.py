"""From the formula, entry by entry."""

from langmodels.statespace import *


def hippo_legs(size, dtype=torch.float32):
    rows = [
        [
            -math.sqrt((2 * n + 1) * (2 * k + 1)) if n > k else -(n + 1.0) if n == k else 0.0
            for k in range(size)
        ]
        for n in range(size)
    ]
    b = [math.sqrt(2 * n + 1) for n in range(size)]
    return torch.tensor(rows, dtype=dtype), torch.tensor(b, dtype=dtype)
