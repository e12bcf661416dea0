"""The answers are cut into blocks of n, each with its best.

That is without bias where G is a multiple of n, but depends on the order, and uses a small part of
all choices.
"""

from langmodels.preferences import *


def best_of_n(rewards, n):
    n_answers = rewards.shape[1]
    if not 1 <= n <= n_answers:
        raise ValueError(f"the best of {n} cannot be chosen from {n_answers} answers")
    blocks = n_answers // n
    return rewards[:, : blocks * n].reshape(-1, blocks, n).amax(2).mean(1)
