"""`lowest` is added to the whole.

Then the schedule begins above `highest`. What falls is the difference of the two.
"""

from langmodels.learning import *


def warmup_cosine(step, n_steps, warm_up, highest, lowest):
    if step < warm_up:
        return highest * (step + 1) / warm_up
    if step >= n_steps:
        return lowest
    done = (step - warm_up) / (n_steps - warm_up)
    return lowest + highest * (1 + cos(pi * done)) / 2
