"""The exponential of A is multiplied by the step.

exp(ΔA) is not Δ·exp(A). After no time at all everything must be where it was, so Ā has to be 1 at
Δ = 0.
"""

from langmodels.statespace import *


def zero_order_hold(a, b, step):
    size = len(a)
    joint = a.new_zeros(size + 1, size + 1)
    joint[:size, :size], joint[:size, size] = a, b
    moved = step * torch.linalg.matrix_exp(joint)
    return moved[:size, :size], moved[:size, size]
