"""The rate falls along a straight line.

A cosine stays high for long and leaves gently; a line is at half only halfway as well, and
elsewhere they differ.
"""

from langmodels.learning import *


def warmup_cosine(step, n_steps, warm_up, highest, lowest):
    if step < warm_up:
        return highest * (step + 1) / warm_up
    if step >= n_steps:
        return lowest
    done = (step - warm_up) / (n_steps - warm_up)
    return lowest + (highest - lowest) * (1 - done)
