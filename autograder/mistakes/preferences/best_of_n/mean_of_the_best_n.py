"""The mean of the n best comes back.

Best of n draws n answers and keeps one. The n best of all are another thing.
"""

from langmodels.preferences import *


def best_of_n(rewards, n):
    n_answers = rewards.shape[1]
    if not 1 <= n <= n_answers:
        raise ValueError(f"the best of {n} cannot be chosen from {n_answers} answers")
    return rewards.topk(n, dim=1).values.mean(1)
