"""The cosine runs over all steps, the warm-up included.

Then the rate falls from `highest` with a jump where the warm-up ends. Count the steps after it.
"""

from langmodels.learning import *


def warmup_cosine(step, n_steps, warm_up, highest, lowest):
    if step < warm_up:
        return highest * (step + 1) / warm_up
    if step >= n_steps:
        return lowest
    done = step / n_steps
    return lowest + (highest - lowest) * (1 + cos(pi * done)) / 2
