"""The lowest rate is only a bound.

The cosine falls to 0 and is held at `lowest` where it would go below. It should end there, not be
cut off there.
"""

from langmodels.learning import *


def warmup_cosine(step, n_steps, warm_up, highest, lowest):
    if step < warm_up:
        return highest * (step + 1) / warm_up
    if step >= n_steps:
        return lowest
    done = (step - warm_up) / (n_steps - warm_up)
    return max(lowest, highest * (1 + cos(pi * done)) / 2)
