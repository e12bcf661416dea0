"""The same joint matrix, put together from rows."""

from langmodels.statespace import *


def zero_order_hold(a, b, step):
    size = b.numel()
    above = torch.hstack([a * step, b.reshape(-1, 1) * step])
    below = torch.zeros(1, size + 1, dtype=a.dtype, device=a.device)
    both = torch.matrix_exp(torch.vstack([above, below]))
    return both[:-1, :-1].clone(), both[:-1, -1].clone()
