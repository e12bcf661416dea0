"""Fewer than two numbers are an error.

A state of one number is a level. P_1 is made all the same, and not used.
"""

from langmodels.statespace import *


def legs_reconstruct(coefficients, length):
    size = coefficients.shape[-1]
    t = torch.arange(length, dtype=coefficients.dtype, device=coefficients.device)
    x = (2 * t + 1) / length - 1
    polynomials = [torch.ones_like(x), x]
    for n in range(1, size - 1):
        polynomials.append(((2 * n + 1) * x * polynomials[n] - n * polynomials[n - 1]) / (n + 1))
    basis = torch.stack(
        [polynomials[0], 3**0.5 * polynomials[1]]
        + [(2 * n + 1) ** 0.5 * polynomials[n] for n in range(2, size)]
    )
    return coefficients @ basis
