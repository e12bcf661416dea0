"""Adds each polynomial to the sum as soon as it is made."""

from langmodels.statespace import *


def legs_reconstruct(coefficients, length):
    x = torch.linspace(-1, 1, 2 * length + 1, dtype=torch.float64)[1::2]
    before, now = torch.zeros_like(x), torch.ones_like(x)
    total = torch.zeros(*coefficients.shape[:-1], length, dtype=torch.float64)
    for n, part in enumerate(coefficients.double().unbind(-1)):
        total = total + math.sqrt(2 * n + 1) * part[..., None] * now
        before, now = now, ((2 * n + 1) * x * now - n * before) / (n + 1)
    return total.to(coefficients.dtype)
