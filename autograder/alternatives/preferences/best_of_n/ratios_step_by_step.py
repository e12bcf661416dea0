"""Right: each share from the next one, beginning at the largest."""

from langmodels.preferences import *


def best_of_n(rewards, n):
    n_answers = rewards.shape[1]
    if not 1 <= n <= n_answers:
        raise ValueError(f"the best of {n} cannot be chosen from {n_answers} answers")
    descending = rewards.sort(1, descending=True).values
    found, share = torch.zeros_like(descending[:, 0]), n / n_answers
    for above in range(n_answers - n + 1):
        found = found + share * descending[:, above]
        left = n_answers - 1 - above
        share = share * (left - n + 1) / left if left else 0.0
    return found
