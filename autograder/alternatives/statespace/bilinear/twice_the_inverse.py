"""Cayley: Ā = 2 (1 - Δ/2·A)⁻¹ - 1, column by column and in float64."""

from langmodels.statespace import *


def bilinear(a, b, step):
    one = torch.eye(len(a), dtype=torch.float64)
    left = one - step / 2 * a.double()
    columns = [torch.linalg.solve(left, column) for column in one]
    a_bar = 2 * torch.stack(columns, dim=1) - one
    return a_bar.to(a.dtype), torch.linalg.solve(left, step * b.double()).to(b.dtype)
