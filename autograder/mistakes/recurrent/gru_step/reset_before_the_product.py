"""The reset gate is on h.

So it is in Cho et al. In torch, and here, it is on U h + c: r and U do not commute, so that
weights of one are wrong in the other.
"""

from langmodels.recurrent import *


def gru_step(projected, state, weight, bias):
    (h,) = state
    recalled = h @ weight.T + bias
    width = h.shape[-1]
    gates = (projected[..., : 2 * width] + recalled[..., : 2 * width]).sigmoid()
    r, z = gates.chunk(2, dim=-1)
    n = torch.tanh(
        projected[..., 2 * width :] + (r * h) @ weight[2 * width :].T + bias[2 * width :]
    )
    return (n + z * (h - n),)
