"""Returns come back: the advantage plus the value.

Those are what the critic learns from. The policy learns from the difference to what was expected.
"""

from langmodels.preferences import *


def advantages(rewards, values, gamma=1.0, lam=0.95):
    following = functional.pad(values[:, 1:], (0, 1))
    deltas = rewards + gamma * following - values
    found = torch.zeros_like(deltas)
    ahead = torch.zeros_like(deltas[:, 0])
    for t in reversed(range(deltas.shape[1])):
        ahead = found[:, t] = deltas[:, t] + gamma * lam * ahead
    return found + values
