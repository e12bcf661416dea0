"""Inverts the left side, and multiplies."""

from langmodels.statespace import *


def bilinear(a, b, step):
    one = torch.diag(torch.ones_like(b))
    inverse = torch.linalg.inv(one - a * (step / 2))
    return inverse @ (one + a * (step / 2)), inverse @ (b * step)
