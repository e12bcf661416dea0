"""Only the next surprise counts.

That is λ = 0. A reward at the end then never reaches the tokens that earned it, but by way of the
critic.
"""

from langmodels.preferences import *


def advantages(rewards, values, gamma=1.0, lam=0.95):
    following = functional.pad(values[:, 1:], (0, 1))
    deltas = rewards + gamma * following - values
    found = torch.zeros_like(deltas)
    for t in reversed(range(deltas.shape[1])):
        found[:, t] = deltas[:, t]
    return found
