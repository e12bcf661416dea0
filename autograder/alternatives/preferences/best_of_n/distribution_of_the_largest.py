"""Right: how probable it is that all n are among the smallest, and its differences."""

from langmodels.preferences import *


def best_of_n(rewards, n):
    n_answers = rewards.shape[1]
    if not 1 <= n <= n_answers:
        raise ValueError(f"the best of {n} cannot be chosen from {n_answers} answers")
    position = torch.arange(n_answers + 1, dtype=torch.float64)  # how many are small enough
    within = torch.ones_like(position)
    for drawn in range(n):
        within = within * ((position - drawn) / (n_answers - drawn)).clamp(min=0)
    return (rewards.double().sort(1).values * within.diff()).sum(1).to(rewards.dtype)
