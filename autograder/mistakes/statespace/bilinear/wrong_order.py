"""The inverse is multiplied from the right of the input matrix's transpose.

B is a column that the inverse meets from the left. For Ā the order does not matter, as both
factors are made of A; for B it does.
"""

from langmodels.statespace import *


def bilinear(a, b, step):
    identity = torch.eye(len(a), dtype=a.dtype, device=a.device)
    half = 0.5 * step * a
    right = torch.cat([identity + half, step * b[:, None]], dim=1)
    moved = torch.linalg.solve((identity - half).T, right)
    return torch.linalg.solve(identity - half, identity + half), moved[:, -1]
