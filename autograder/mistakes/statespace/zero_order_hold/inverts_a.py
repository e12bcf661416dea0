"""B̄ is computed with the inverse of A.

A⁻¹(exp(ΔA) - 1) B is the same number where A has an inverse. A cart that is pushed has none, and
an integrator neither: the integral exists all the same.

See: state-space#eq-zoh
"""

from langmodels.statespace import *


def zero_order_hold(a, b, step):
    a_bar = torch.linalg.matrix_exp(step * a)
    return a_bar, torch.linalg.inv(a) @ (a_bar - torch.eye(len(a), dtype=a.dtype)) @ b
