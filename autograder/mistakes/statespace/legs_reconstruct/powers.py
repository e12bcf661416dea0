"""Powers of x instead of Legendre's polynomials.

1, x and x² are polynomials, but not orthogonal ones: the coefficients do not belong to them.
"""

from langmodels.statespace import *


def legs_reconstruct(coefficients, length):
    size = coefficients.shape[-1]
    t = torch.arange(length, dtype=coefficients.dtype, device=coefficients.device)
    x = (2 * t + 1) / length - 1
    polynomials = [torch.ones_like(x), x]
    for n in range(1, size - 1):
        polynomials.append(x * polynomials[n])
    basis = torch.stack([(2 * n + 1) ** 0.5 * polynomials[n] for n in range(size)])
    return coefficients @ basis
