"""The slope at the end of the step counts for all of it.

That is Euler's method backward: (1 - ΔA)⁻¹. The trapezoidal rule takes the mean of both ends, half
of each.

See: state-space#eq-bilinear
"""

from langmodels.statespace import *


def bilinear(a, b, step):
    identity = torch.eye(len(a), dtype=a.dtype, device=a.device)
    half = step * a
    right = torch.cat([identity, step * b[:, None]], dim=1)
    moved = torch.linalg.solve(identity - half, right)
    return moved[:, :-1], moved[:, -1]
