"""The second bias is left out.

torch keeps two biases, one with W and one with U, and in a GRU they are not the same thing.
"""

from langmodels.recurrent import *


def gru_step(projected, state, weight, bias):
    (h,) = state
    recalled = h @ weight.T
    width = h.shape[-1]
    gates = (projected[..., : 2 * width] + recalled[..., : 2 * width]).sigmoid()
    r, z = gates.chunk(2, dim=-1)
    n = torch.tanh(projected[..., 2 * width :] + r * recalled[..., 2 * width :])
    return (n + z * (h - n),)
