"""Real parts are taken before the product.

The real part of a product is not the product of real parts: with it goes all that turns.
"""

from langmodels.statespace import *


def s4d_kernel(a, c, step, length):
    moved = step[:, None] * a
    steps = torch.arange(length, dtype=step.dtype, device=step.device)
    powers = (moved[..., None] * steps).exp()
    return 2 * torch.einsum("dn,dns->ds", (c * (moved.exp() - 1) / a).real, powers.real)
