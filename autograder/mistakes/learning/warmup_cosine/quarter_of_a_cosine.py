"""A quarter of a period is used.

cos from 0 to π/2 falls from 1 to 0 and is steepest at the end. The schedule levels out at the
lowest rate.
"""

from langmodels.learning import *


def warmup_cosine(step, n_steps, warm_up, highest, lowest):
    if step < warm_up:
        return highest * (step + 1) / warm_up
    if step >= n_steps:
        return lowest
    done = (step - warm_up) / (n_steps - warm_up)
    return lowest + (highest - lowest) * cos(pi * done / 2)
