"""Reset and update are exchanged.

The first part is r, the second z, in torch's order. Keras has them the other way around.
"""

from langmodels.recurrent import *


def gru_step(projected, state, weight, bias):
    (h,) = state
    recalled = h @ weight.T + bias
    width = h.shape[-1]
    gates = (projected[..., : 2 * width] + recalled[..., : 2 * width]).sigmoid()
    z, r = gates.chunk(2, dim=-1)
    n = torch.tanh(projected[..., 2 * width :] + r * recalled[..., 2 * width :])
    return (n + z * (h - n),)
