"""The advantages are normalised over the batch.

Many trainers do that next, with a mask. Here it makes the advantages of one row depend on all
others, and the sum of surprises is gone.
"""

from langmodels.preferences import *


def advantages(rewards, values, gamma=1.0, lam=0.95):
    following = functional.pad(values[:, 1:], (0, 1))
    deltas = rewards + gamma * following - values
    found = torch.zeros_like(deltas)
    ahead = torch.zeros_like(deltas[:, 0])
    for t in reversed(range(deltas.shape[1])):
        ahead = found[:, t] = deltas[:, t] + gamma * lam * ahead
    return (found - found.mean()) / (found.std(correction=0) + 1e-8)
