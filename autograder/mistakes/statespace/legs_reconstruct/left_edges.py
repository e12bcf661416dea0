"""Each step lies at its left edge.

Then the curve is half a step late. The middle of step t lies at (2t + 1)/T - 1.
"""

from langmodels.statespace import *


def legs_reconstruct(coefficients, length):
    size = coefficients.shape[-1]
    t = torch.arange(length, dtype=coefficients.dtype, device=coefficients.device)
    x = 2 * t / length - 1
    polynomials = [torch.ones_like(x), x]
    for n in range(1, size - 1):
        polynomials.append(((2 * n + 1) * x * polynomials[n] - n * polynomials[n - 1]) / (n + 1))
    basis = torch.stack([(2 * n + 1) ** 0.5 * polynomials[n] for n in range(size)])
    return coefficients @ basis
