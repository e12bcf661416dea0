"""The candidate is added in full.

(1 - z) ∘ n + z ∘ h is a mean of two, and stays between -1 and 1. Without 1 - z the state grows.
"""

from langmodels.recurrent import *


def gru_step(projected, state, weight, bias):
    (h,) = state
    recalled = h @ weight.T + bias
    width = h.shape[-1]
    gates = (projected[..., : 2 * width] + recalled[..., : 2 * width]).sigmoid()
    r, z = gates.chunk(2, dim=-1)
    n = torch.tanh(projected[..., 2 * width :] + r * recalled[..., 2 * width :])
    return (n + z * h,)
