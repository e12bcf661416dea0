"""The sum fades by λ alone.

A surprise that lies later is discounted like any reward: by γ λ a step.
"""

from langmodels.preferences import *


def advantages(rewards, values, gamma=1.0, lam=0.95):
    following = functional.pad(values[:, 1:], (0, 1))
    deltas = rewards + gamma * following - values
    found = torch.zeros_like(deltas)
    ahead = torch.zeros_like(deltas[:, 0])
    for t in reversed(range(deltas.shape[1])):
        ahead = found[:, t] = deltas[:, t] + lam * ahead
    return found
