"""1 / ln(1/|λ|), and inf where that is not positive."""

from langmodels.statespace import *


def time_constants(a_bar):
    values, _ = torch.linalg.eig(a_bar.clone())
    size = (values.real**2 + values.imag**2).sqrt().sort().values
    return (1 / (1 / size).log()).masked_fill(size >= 1, math.inf)
