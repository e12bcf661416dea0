"""The step is not multiplied in before the exponential.

A says how fast things move. How far they get depends on how long they move: the exponent is Δ·A.
"""

from langmodels.statespace import *


def zero_order_hold(a, b, step):
    size = len(a)
    joint = a.new_zeros(size + 1, size + 1)
    joint[:size, :size], joint[:size, size] = a, b
    moved = torch.linalg.matrix_exp(joint)
    return moved[:size, :size], moved[:size, size]
