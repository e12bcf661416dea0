"""The cosine goes around twice as fast.

A whole period comes back to the top at the end. Half a period falls from 1 to -1.
"""

from langmodels.learning import *


def warmup_cosine(step, n_steps, warm_up, highest, lowest):
    if step < warm_up:
        return highest * (step + 1) / warm_up
    if step >= n_steps:
        return lowest
    done = (step - warm_up) / (n_steps - warm_up)
    return lowest + (highest - lowest) * (1 + cos(2 * pi * done)) / 2
