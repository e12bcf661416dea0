"""The state goes through the transpose of Ā.

The state is a row here. Ā was made for columns, and HiPPO's matrix is as unsymmetric as can be.
"""

from langmodels.statespace import *


def legs_compress(signal, size):
    a, b = hippo_legs(size, signal.dtype)
    state = signal.new_zeros(*signal.shape[:-1], size)
    for t, u in enumerate(signal.unbind(-1), start=1):
        a_bar, b_bar = bilinear(a, b, 1 / t)
        state = state @ a_bar + u[..., None] * b_bar
    return state
