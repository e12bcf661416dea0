"""λ is forgotten.

Then all later surprises count in full. λ fades them, so that the noise of a long text does not
drown a token's own effect.
"""

from langmodels.preferences import *


def advantages(rewards, values, gamma=1.0, lam=0.95):
    following = functional.pad(values[:, 1:], (0, 1))
    deltas = rewards + gamma * following - values
    found = torch.zeros_like(deltas)
    ahead = torch.zeros_like(deltas[:, 0])
    for t in reversed(range(deltas.shape[1])):
        ahead = found[:, t] = deltas[:, t] + gamma * ahead
    return found
