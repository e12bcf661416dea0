"""The value is added, not subtracted.

An advantage is how much better it went than was thought. What was thought is taken away.
"""

from langmodels.preferences import *


def advantages(rewards, values, gamma=1.0, lam=0.95):
    following = functional.pad(values[:, 1:], (0, 1))
    deltas = rewards + gamma * following + values
    found = torch.zeros_like(deltas)
    ahead = torch.zeros_like(deltas[:, 0])
    for t in reversed(range(deltas.shape[1])):
        ahead = found[:, t] = deltas[:, t] + gamma * lam * ahead
    return found
