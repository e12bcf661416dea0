"""Takes n off the diagonal of the lower half of an outer product."""

from langmodels.statespace import *


def hippo_legs(size, dtype=torch.float32):
    b = torch.sqrt(1 + 2 * torch.arange(size, dtype=torch.float64))
    lower = torch.tril(b[:, None] * b[None, :])
    a = torch.diag(torch.arange(size, dtype=torch.float64)) - lower
    return a.to(dtype), b.to(dtype)
