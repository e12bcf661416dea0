"""The best of the first n answers comes back.

That is one draw, and the others are thrown away. The mean over all choices uses every answer, and
has far less noise.
"""

from langmodels.preferences import *


def best_of_n(rewards, n):
    n_answers = rewards.shape[1]
    if not 1 <= n <= n_answers:
        raise ValueError(f"the best of {n} cannot be chosen from {n_answers} answers")
    return rewards[:, :n].amax(1)
