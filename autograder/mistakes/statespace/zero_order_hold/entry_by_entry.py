"""Every entry of ΔA is exponentiated by itself.

The exponential of a matrix is a power series of matrix products, in which the entries meet. Number
by number it is only taken of a diagonal matrix.
"""

from langmodels.statespace import *


def zero_order_hold(a, b, step):
    size = len(a)
    joint = a.new_zeros(size + 1, size + 1)
    joint[:size, :size], joint[:size, size] = a, b
    moved = (step * joint).exp()
    return moved[:size, :size], moved[:size, size]
