"""The gates see only the state.

Whether to keep or to change depends on what is read now.
"""

from langmodels.recurrent import *


def gru_step(projected, state, weight, bias):
    (h,) = state
    recalled = h @ weight.T + bias
    width = h.shape[-1]
    gates = (recalled[..., : 2 * width]).sigmoid()
    r, z = gates.chunk(2, dim=-1)
    n = torch.tanh(projected[..., 2 * width :] + r * recalled[..., 2 * width :])
    return (n + z * (h - n),)
