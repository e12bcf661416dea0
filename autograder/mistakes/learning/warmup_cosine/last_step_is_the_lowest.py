"""The lowest rate is reached one step early.

The cosine would reach it at n_steps, which is one after the last step. So the last step still
learns something where `lowest` is 0.
"""

from langmodels.learning import *


def warmup_cosine(step, n_steps, warm_up, highest, lowest):
    if step < warm_up:
        return highest * (step + 1) / warm_up
    if step >= n_steps:
        return lowest
    done = (step - warm_up) / max(n_steps - warm_up - 1, 1)
    return lowest + (highest - lowest) * (1 + cos(pi * done)) / 2
