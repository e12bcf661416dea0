"""The answer itself is counted among those below it.

The i-th has i - 1 others below it. So the smallest of all would be the best of 2.
"""

from langmodels.preferences import *


def best_of_n(rewards, n):
    n_answers = rewards.shape[1]
    if not 1 <= n <= n_answers:
        raise ValueError(f"the best of {n} cannot be chosen from {n_answers} answers")
    share = [comb(below + 1, n - 1) / comb(n_answers, n) for below in range(n_answers)]
    return rewards.sort(1).values @ rewards.new_tensor(share)
