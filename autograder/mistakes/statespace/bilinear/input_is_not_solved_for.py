"""B̄ is Δ·B: only Ā goes through the inverse.

The new state is on both sides of the equation. What comes in moves it, too, so both right sides
are solved for with the same matrix.
"""

from langmodels.statespace import *


def bilinear(a, b, step):
    identity = torch.eye(len(a), dtype=a.dtype, device=a.device)
    half = 0.5 * step * a
    right = torch.cat([identity + half, step * b[:, None]], dim=1)
    moved = torch.linalg.solve(identity - half, right)
    return moved[:, :-1], step * b
