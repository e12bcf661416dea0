"""Solves the triangular system of each step for the new state at once, in float64."""

from langmodels.statespace import *


def legs_compress(signal, size):
    a, b = hippo_legs(size, torch.float64)
    state = torch.zeros(*signal.shape[:-1], size, dtype=torch.float64)
    one = torch.eye(size, dtype=torch.float64)
    for t in range(1, signal.shape[-1] + 1):
        u = signal[..., t - 1, None].double()
        right = state + state @ a.T / (2 * t) + u * b / t
        # (1 - A/2t) x = right, of row vectors.
        state = torch.linalg.solve_triangular(
            (one - a / (2 * t)).T, right[..., None, :], upper=True, left=False
        )[..., 0, :]
    return state.to(signal.dtype)
