"""Right: with a sine that is squared."""

from math import sin

from langmodels.learning import *


def warmup_cosine(step, n_steps, warm_up, highest, lowest):
    match step:
        case _ if step < warm_up:
            return (step + 1) * (highest / warm_up)
        case _ if step < n_steps:
            fallen = sin(pi / 2 * (step - warm_up) / (n_steps - warm_up)) ** 2
            return highest - (highest - lowest) * fallen
    return lowest
