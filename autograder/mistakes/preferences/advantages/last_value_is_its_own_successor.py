"""After the last token the last value goes on.

The answer has ended there, so nothing more is to be expected. With the value repeated, the
critic's own guess is taken for a reward.
"""

from langmodels.preferences import *


def advantages(rewards, values, gamma=1.0, lam=0.95):
    following = torch.cat([values[:, 1:], values[:, -1:]], dim=1)
    deltas = rewards + gamma * following - values
    found = torch.zeros_like(deltas)
    ahead = torch.zeros_like(deltas[:, 0])
    for t in reversed(range(deltas.shape[1])):
        ahead = found[:, t] = deltas[:, t] + gamma * lam * ahead
    return found
