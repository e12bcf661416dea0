"""The sign of A is turned.

A is negative as it comes: exp(Δ A) lies between 0 and 1. Turned round, everything grows.
"""

from langmodels.mamba import *


def selective_scan(x, step, a, b, c, state=None):
    if state is None:
        state = x.new_zeros(len(x), *a.shape)
    outputs = []
    for t in range(x.shape[1]):
        decay = (step[:, t, :, None] * -a).exp()
        state = decay * state + (step[:, t] * x[:, t])[..., None] * b[:, t, None]
        outputs.append((state @ c[:, t, :, None]).squeeze(-1))
    return torch.stack(outputs, dim=1), state
