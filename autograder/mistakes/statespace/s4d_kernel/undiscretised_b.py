"""B stays 1: C meets the powers directly.

Then a finer step gives a larger sum. B̄ = (exp(Δa) - 1)/a is what a step of length Δ brings in.
"""

from langmodels.statespace import *


def s4d_kernel(a, c, step, length):
    moved = step[:, None] * a
    steps = torch.arange(length, dtype=step.dtype, device=step.device)
    powers = (moved[..., None] * steps).exp()
    return 2 * torch.einsum("dn,dns->ds", c, powers).real
