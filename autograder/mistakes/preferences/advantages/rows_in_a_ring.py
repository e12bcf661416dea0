"""The advantage runs from the first token to the last.

An advantage looks at what comes later. In this order it looks at what came before, which the token
cannot change.
"""

from langmodels.preferences import *


def advantages(rewards, values, gamma=1.0, lam=0.95):
    following = functional.pad(values[:, 1:], (0, 1))
    deltas = rewards + gamma * following - values
    found = torch.zeros_like(deltas)
    ahead = torch.zeros_like(deltas[:, 0])
    for t in range(deltas.shape[1]):
        ahead = found[:, t] = deltas[:, t] + gamma * lam * ahead
    return found
