"""Chebyshev's rule: 2x P_n - P_{n-1}.

Those are other polynomials, for another weight. Legendre's are orthogonal where all of the past
weighs alike.
"""

from langmodels.statespace import *


def legs_reconstruct(coefficients, length):
    size = coefficients.shape[-1]
    t = torch.arange(length, dtype=coefficients.dtype, device=coefficients.device)
    x = (2 * t + 1) / length - 1
    polynomials = [torch.ones_like(x), x]
    for n in range(1, size - 1):
        polynomials.append(2 * x * polynomials[n] - polynomials[n - 1])
    basis = torch.stack([(2 * n + 1) ** 0.5 * polynomials[n] for n in range(size)])
    return coefficients @ basis
