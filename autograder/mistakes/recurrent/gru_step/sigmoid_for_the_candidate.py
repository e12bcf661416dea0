"""The candidate goes through a sigmoid.

Then no number of the state ever gets negative. Gates are sigmoids, the candidate is a tanh.
"""

from langmodels.recurrent import *


def gru_step(projected, state, weight, bias):
    (h,) = state
    recalled = h @ weight.T + bias
    width = h.shape[-1]
    gates = (projected[..., : 2 * width] + recalled[..., : 2 * width]).sigmoid()
    r, z = gates.chunk(2, dim=-1)
    n = torch.sigmoid(projected[..., 2 * width :] + r * recalled[..., 2 * width :])
    return (n + z * (h - n),)
