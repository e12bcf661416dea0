"""The signal is read from its end.

The polynomial that comes out is the mirror image: its odd coefficients have the wrong sign.
"""

from langmodels.statespace import *


def legs_compress(signal, size):
    a, b = hippo_legs(size, signal.dtype)
    state = signal.new_zeros(*signal.shape[:-1], size)
    for t, u in enumerate(signal.flip(-1).unbind(-1), start=1):
        a_bar, b_bar = bilinear(a, b, 1 / t)
        state = state @ a_bar.T + u[..., None] * b_bar
    return state
