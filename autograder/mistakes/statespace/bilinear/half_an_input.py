"""B̄ has half of the step: (1 - Δ/2·A)⁻¹ Δ/2 B.

The input counts half at each end of the step, but it is the same at both ends: together that is a
whole Δ B.
"""

from langmodels.statespace import *


def bilinear(a, b, step):
    identity = torch.eye(len(a), dtype=a.dtype, device=a.device)
    half = 0.5 * step * a
    right = torch.cat([identity + half, 0.5 * step * b[:, None]], dim=1)
    moved = torch.linalg.solve(identity - half, right)
    return moved[:, :-1], moved[:, -1]
