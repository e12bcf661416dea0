"""The matrices are float32.

A signal in float64 meets matrices of another dtype, which is an error, or loses half of its
digits.
"""

from langmodels.statespace import *


def legs_compress(signal, size):
    a, b = hippo_legs(size)
    state = signal.new_zeros(*signal.shape[:-1], size)
    for t, u in enumerate(signal.unbind(-1), start=1):
        a_bar, b_bar = (part.to(signal.dtype) for part in bilinear(a, b, 1 / t))
        state = state @ a_bar.T + u[..., None] * b_bar
    return state
