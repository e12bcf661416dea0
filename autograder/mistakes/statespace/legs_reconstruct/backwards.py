"""The curve runs backwards.

The first step of the signal lies at x = -1, the last one at 1.
"""

from langmodels.statespace import *


def legs_reconstruct(coefficients, length):
    size = coefficients.shape[-1]
    t = torch.arange(length, dtype=coefficients.dtype, device=coefficients.device)
    x = 1 - (2 * t + 1) / length
    polynomials = [torch.ones_like(x), x]
    for n in range(1, size - 1):
        polynomials.append(((2 * n + 1) * x * polynomials[n] - n * polynomials[n - 1]) / (n + 1))
    basis = torch.stack([(2 * n + 1) ** 0.5 * polynomials[n] for n in range(size)])
    return coefficients @ basis
