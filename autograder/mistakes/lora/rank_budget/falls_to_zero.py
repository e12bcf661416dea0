"""The budget falls to zero before the cool-down.

It falls from first to last: what shrinks is the distance between them, on top of last.
"""

from langmodels.lora import *


def rank_budget(step, n_steps, first, last, warm_up, cool_down):
    falling = n_steps - warm_up - cool_down
    left = falling - (step - warm_up)
    if step < warm_up:
        return first
    if left <= 0:
        return last
    return first * left**3 // falling**3
