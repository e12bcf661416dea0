"""Each step is a call of the recurrence with a single input."""

from langmodels.statespace import *


def legs_compress(signal, size):
    a, b = hippo_legs(size, signal.dtype)
    state = None
    for t in range(signal.shape[-1]):
        matrices = bilinear(a, b, 1 / (t + 1))
        _, state = recurrence(*matrices, b, signal[..., t : t + 1], state)
    return state
