"""All n of the choice come from below.

The answer itself is one of the n; so n - 1 others come from those below it.
"""

from langmodels.preferences import *


def best_of_n(rewards, n):
    n_answers = rewards.shape[1]
    if not 1 <= n <= n_answers:
        raise ValueError(f"the best of {n} cannot be chosen from {n_answers} answers")
    share = [comb(below, n) / comb(n_answers, n) for below in range(n_answers)]
    return rewards.sort(1).values @ rewards.new_tensor(share)
