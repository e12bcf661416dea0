"""The quantile at (n - 1) / n comes back.

On average the best of n lies near there, at n / (n + 1) for a flat distribution. The mean of the
best is not a quantile.
"""

from langmodels.preferences import *


def best_of_n(rewards, n):
    n_answers = rewards.shape[1]
    if not 1 <= n <= n_answers:
        raise ValueError(f"the best of {n} cannot be chosen from {n_answers} answers")
    return rewards.quantile((n - 1) / n, dim=1)
