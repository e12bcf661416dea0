"""The warm-up begins at the lowest rate.

Some schedules do. This one rises from nothing in equal steps: step 0 has highest / warm_up.
"""

from langmodels.learning import *


def warmup_cosine(step, n_steps, warm_up, highest, lowest):
    if step < warm_up:
        return lowest + (highest - lowest) * (step + 1) / warm_up
    if step >= n_steps:
        return lowest
    done = (step - warm_up) / (n_steps - warm_up)
    return lowest + (highest - lowest) * (1 + cos(pi * done)) / 2
