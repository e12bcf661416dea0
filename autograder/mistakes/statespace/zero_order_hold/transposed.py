"""Ā comes out transposed.

The state is a column: A_nk says how much number n grows by number k. The exponential of the
transpose is the transpose of the exponential, so symmetric examples do not show it.
"""

from langmodels.statespace import *


def zero_order_hold(a, b, step):
    size = len(a)
    joint = a.new_zeros(size + 1, size + 1)
    joint[:size, :size], joint[:size, size] = a, b
    moved = torch.linalg.matrix_exp(step * joint)
    return moved[:size, :size].T, moved[:size, size]
