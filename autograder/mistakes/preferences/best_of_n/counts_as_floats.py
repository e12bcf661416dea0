"""The choices are counted in floating point.

C(2000, 900) has six hundred digits, and the largest float three hundred. Whole numbers of Python
have no bound, or the ratio is formed step by step.
"""

import math

from langmodels.preferences import *


def best_of_n(rewards, n):
    n_answers = rewards.shape[1]
    if not 1 <= n <= n_answers:
        raise ValueError(f"the best of {n} cannot be chosen from {n_answers} answers")
    counts = torch.tensor(
        [math.prod((below - i) / (i + 1) for i in range(n - 1)) for below in range(n_answers)]
    ).double()
    counts[: n - 1] = 0
    return rewards.sort(1).values @ (counts / counts.sum()).to(rewards.dtype)
