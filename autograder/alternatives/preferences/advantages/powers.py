"""Right: a matrix of powers of γ λ times the surprises."""

from langmodels.preferences import *


def advantages(rewards, values, gamma=1.0, lam=0.95):
    length = rewards.shape[1]
    after = torch.cat([values, values.new_zeros(len(values), 1)], dim=1)[:, 1:]
    deltas = rewards + gamma * after - values
    distance = torch.arange(length)[None, :] - torch.arange(length)[:, None]  # from t to later
    weights = torch.where(distance >= 0, (gamma * lam) ** distance.clamp(min=0).double(), 0.0)
    return deltas @ weights.T.to(deltas.dtype)
