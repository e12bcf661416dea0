"""z and 1 - z are exchanged.

Here, as in torch, z keeps the old state. In the paper by Chung et al. z is the share of the new
one.
"""

from langmodels.recurrent import *


def gru_step(projected, state, weight, bias):
    (h,) = state
    recalled = h @ weight.T + bias
    width = h.shape[-1]
    gates = (projected[..., : 2 * width] + recalled[..., : 2 * width]).sigmoid()
    r, z = gates.chunk(2, dim=-1)
    n = torch.tanh(projected[..., 2 * width :] + r * recalled[..., 2 * width :])
    return (h + z * (n - h),)
