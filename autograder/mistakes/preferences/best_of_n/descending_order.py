"""The rewards are in falling order.

Then the smallest gets the share of the largest: the worst of n.
"""

from langmodels.preferences import *


def best_of_n(rewards, n):
    n_answers = rewards.shape[1]
    if not 1 <= n <= n_answers:
        raise ValueError(f"the best of {n} cannot be chosen from {n_answers} answers")
    share = [comb(below, n - 1) / comb(n_answers, n) for below in range(n_answers)]
    return rewards.sort(1, descending=True).values @ rewards.new_tensor(share)
