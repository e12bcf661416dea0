"""The factor √(2n+1) is forgotten.

The state holds coefficients of orthonormal polynomials. Legendre's own have the mean square
1/(2n+1).

See: long-memory#eq-legendre
"""

from langmodels.statespace import *


def legs_reconstruct(coefficients, length):
    size = coefficients.shape[-1]
    t = torch.arange(length, dtype=coefficients.dtype, device=coefficients.device)
    x = (2 * t + 1) / length - 1
    polynomials = [torch.ones_like(x), x]
    for n in range(1, size - 1):
        polynomials.append(((2 * n + 1) * x * polynomials[n] - n * polynomials[n - 1]) / (n + 1))
    basis = torch.stack([polynomials[n] for n in range(size)])
    return coefficients @ basis
