"""numpy's polynomials, as a matrix of values."""

from langmodels.statespace import *


def legs_reconstruct(coefficients, length):
    import numpy as np
    from numpy.polynomial import legendre

    size = coefficients.shape[-1]
    x = (np.arange(length) + 0.5) * 2 / length - 1
    basis = legendre.legvander(x, size - 1) * np.sqrt(2 * np.arange(size) + 1)
    return coefficients @ torch.tensor(basis, dtype=coefficients.dtype).T
