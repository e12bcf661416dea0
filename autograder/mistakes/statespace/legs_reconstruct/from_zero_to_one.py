"""The span goes from 0 to 1.

Legendre's polynomials live on -1 … 1. On half of it they are not orthogonal.
"""

from langmodels.statespace import *


def legs_reconstruct(coefficients, length):
    size = coefficients.shape[-1]
    t = torch.arange(length, dtype=coefficients.dtype, device=coefficients.device)
    x = (t + 0.5) / length
    polynomials = [torch.ones_like(x), x]
    for n in range(1, size - 1):
        polynomials.append(((2 * n + 1) * x * polynomials[n] - n * polynomials[n - 1]) / (n + 1))
    basis = torch.stack([(2 * n + 1) ** 0.5 * polynomials[n] for n in range(size)])
    return coefficients @ basis
