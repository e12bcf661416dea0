"""The cosine begins one step too late in its course.

Step warm_up has the highest rate once more: there the cosine is at its top.
"""

from langmodels.learning import *


def warmup_cosine(step, n_steps, warm_up, highest, lowest):
    if step < warm_up:
        return highest * (step + 1) / warm_up
    if step >= n_steps:
        return lowest
    done = (step + 1 - warm_up) / (n_steps - warm_up)
    return lowest + (highest - lowest) * (1 + cos(pi * done)) / 2
