"""Step 0 has a rate of 0.

The first batch is computed and nothing learnt from it. Step 0 has the first of the equal rises.
"""

from langmodels.learning import *


def warmup_cosine(step, n_steps, warm_up, highest, lowest):
    if step < warm_up:
        return highest * step / warm_up
    if step >= n_steps:
        return lowest
    done = (step - warm_up) / (n_steps - warm_up)
    return lowest + (highest - lowest) * (1 + cos(pi * done)) / 2
