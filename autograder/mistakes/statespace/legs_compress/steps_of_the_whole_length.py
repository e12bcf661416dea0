"""Every step has the length 1/T.

That is the equation without its 1/t: it forgets at a fixed speed. With 1/t each step counts the
less the more there have been, as in a mean.

See: long-memory#eq-legs-step
"""

from langmodels.statespace import *


def legs_compress(signal, size):
    a, b = hippo_legs(size, signal.dtype)
    state = signal.new_zeros(*signal.shape[:-1], size)
    for u in signal.unbind(-1):
        a_bar, b_bar = bilinear(a, b, 1 / signal.shape[-1])
        state = state @ a_bar.T + u[..., None] * b_bar
    return state
