"""Ā is 1 + Δ A.

That is Euler's rule for A as well. For a long step 1 + Δ A is far below -1, and the state explodes
where it should be forgotten.

See: mamba#eq-selective
"""

from langmodels.mamba import *


def selective_scan(x, step, a, b, c, state=None):
    if state is None:
        state = x.new_zeros(len(x), *a.shape)
    outputs = []
    for t in range(x.shape[1]):
        decay = (step[:, t, :, None] * a) + 1
        state = decay * state + (step[:, t] * x[:, t])[..., None] * b[:, t, None]
        outputs.append((state @ c[:, t, :, None]).squeeze(-1))
    return torch.stack(outputs, dim=1), state
