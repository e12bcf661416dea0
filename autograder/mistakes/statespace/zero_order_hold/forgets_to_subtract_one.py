"""B̄ is A⁻¹ exp(ΔA) B, without the minus 1.

The integral of an exponential has two ends. In a step of no length nothing comes in, so B̄ has to
vanish at Δ = 0.
"""

from langmodels.statespace import *


def zero_order_hold(a, b, step):
    a_bar = torch.linalg.matrix_exp(step * a)
    return a_bar, torch.linalg.solve(a, a_bar @ b)
