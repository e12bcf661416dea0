"""The rewards are sorted in place.

Afterwards nobody knows which reward belongs to which answer.
"""

from langmodels.preferences import *


def best_of_n(rewards, n):
    n_answers = rewards.shape[1]
    if not 1 <= n <= n_answers:
        raise ValueError(f"the best of {n} cannot be chosen from {n_answers} answers")
    share = [comb(below, n - 1) / comb(n_answers, n) for below in range(n_answers)]
    rewards.copy_(rewards.sort(1).values)
    return rewards @ rewards.new_tensor(share)
