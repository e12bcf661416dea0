"""The bias c is not reset.

r multiplies all of U h + c. A bias outside it is as if it belonged to W.
"""

from langmodels.recurrent import *


def gru_step(projected, state, weight, bias):
    (h,) = state
    recalled = h @ weight.T + bias
    width = h.shape[-1]
    gates = (projected[..., : 2 * width] + recalled[..., : 2 * width]).sigmoid()
    r, z = gates.chunk(2, dim=-1)
    own = bias[2 * width :]
    n = torch.tanh(projected[..., 2 * width :] + own + r * (recalled[..., 2 * width :] - own))
    return (n + z * (h - n),)
