"""Ā is 1 + Δ A.

That is Euler's rule for A as well. For a long step 1 + Δ A is far below -1, and the state explodes
where it should be forgotten.

See: mamba#eq-selective
"""

from langmodels.mamba import *


def parallel_selective_scan(x, step, a, b, c, state=None):
    decay = (step[..., None] * a) + 1
    value = (step * x)[..., None] * b[:, :, None]
    if state is not None:
        first = torch.addcmul(value[:, :1], decay[:, :1], state[:, None])
        value = torch.cat([first, value[:, 1:]], dim=1)
    states = associative_scan(decay, value)
    return (states @ c[..., None]).squeeze(-1), states[:, -1]
