"""After the last step the rate rises again.

A cosine goes on. From n_steps on the rate is the lowest, however long training lasts.
"""

from langmodels.learning import *


def warmup_cosine(step, n_steps, warm_up, highest, lowest):
    if step < warm_up:
        return highest * (step + 1) / warm_up
    done = (step - warm_up) / (n_steps - warm_up)
    return lowest + (highest - lowest) * (1 + cos(pi * done)) / 2
