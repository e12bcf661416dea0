"""The steps lie from -1 to 1, both ends included.

A step is a piece of the span with a middle. Two steps lie at -1/2 and 1/2, not at the ends.
"""

from langmodels.statespace import *


def legs_reconstruct(coefficients, length):
    size = coefficients.shape[-1]
    t = torch.arange(length, dtype=coefficients.dtype, device=coefficients.device)
    x = 2 * t / max(length - 1, 1) - 1
    polynomials = [torch.ones_like(x), x]
    for n in range(1, size - 1):
        polynomials.append(((2 * n + 1) * x * polynomials[n] - n * polynomials[n - 1]) / (n + 1))
    basis = torch.stack([(2 * n + 1) ** 0.5 * polynomials[n] for n in range(size)])
    return coefficients @ basis
