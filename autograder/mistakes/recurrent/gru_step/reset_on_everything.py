"""The reset gate is on the input as well.

It says how much of the past the candidate sees. What comes in now is seen in any case.
"""

from langmodels.recurrent import *


def gru_step(projected, state, weight, bias):
    (h,) = state
    recalled = h @ weight.T + bias
    width = h.shape[-1]
    gates = (projected[..., : 2 * width] + recalled[..., : 2 * width]).sigmoid()
    r, z = gates.chunk(2, dim=-1)
    n = torch.tanh(r * (projected[..., 2 * width :] + recalled[..., 2 * width :]))
    return (n + z * (h - n),)
