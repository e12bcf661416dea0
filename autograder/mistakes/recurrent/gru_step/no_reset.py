"""There is no reset gate.

The candidate then always sees the whole past, and cannot begin anew.
"""

from langmodels.recurrent import *


def gru_step(projected, state, weight, bias):
    (h,) = state
    recalled = h @ weight.T + bias
    width = h.shape[-1]
    gates = (projected[..., : 2 * width] + recalled[..., : 2 * width]).sigmoid()
    _r, z = gates.chunk(2, dim=-1)
    n = torch.tanh(projected[..., 2 * width :] + recalled[..., 2 * width :])
    return (n + z * (h - n),)
