"""Right: λ-returns first, the values taken off at the end."""

from langmodels.preferences import *


def advantages(rewards, values, gamma=1.0, lam=0.95):
    target = torch.zeros_like(values[:, 0])
    after = torch.zeros_like(target)
    found = []
    for reward, value in zip(reversed(rewards.unbind(1)), reversed(values.unbind(1)), strict=True):
        target = reward + gamma * ((1 - lam) * after + lam * target)
        found.append(target - value)
        after = value
    return torch.stack(found[::-1], dim=1)
