"""Plus and minus are exchanged.

(1 + Δ/2·A)⁻¹ (1 - Δ/2·A) goes backward in time: a state that should fade grows.
"""

from langmodels.statespace import *


def bilinear(a, b, step):
    identity = torch.eye(len(a), dtype=a.dtype, device=a.device)
    half = 0.5 * step * a
    right = torch.cat([identity - half, step * b[:, None]], dim=1)
    moved = torch.linalg.solve(identity + half, right)
    return moved[:, :-1], moved[:, -1]
