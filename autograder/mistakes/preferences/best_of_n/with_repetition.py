"""The n answers are drawn with repetition.

The same answer may then be drawn twice, which makes the best of n worse than it is: for n = G it
is not even the largest.
"""

from langmodels.preferences import *


def best_of_n(rewards, n):
    n_answers = rewards.shape[1]
    if not 1 <= n <= n_answers:
        raise ValueError(f"the best of {n} cannot be chosen from {n_answers} answers")
    share = [
        ((below + 1) / n_answers) ** n - (below / n_answers) ** n for below in range(n_answers)
    ]
    return rewards.sort(1).values @ rewards.new_tensor(share)
