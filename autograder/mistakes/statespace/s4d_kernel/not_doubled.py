"""The conjugates are forgotten: once the real part.

Each number stands for a pair. The other half of the pair brings the same real part again.

See: long-memory#eq-s4d
"""

from langmodels.statespace import *


def s4d_kernel(a, c, step, length):
    moved = step[:, None] * a
    steps = torch.arange(length, dtype=step.dtype, device=step.device)
    powers = (moved[..., None] * steps).exp()
    return torch.einsum("dn,dns->ds", c * (moved.exp() - 1) / a, powers).real
