"""The fall begins one step late.

At step warm_up the formula begins, and what it says there is first. One step later it is less.
"""

from langmodels.lora import *


def rank_budget(step, n_steps, first, last, warm_up, cool_down):
    falling = n_steps - warm_up - cool_down
    left = falling - (step - warm_up)
    if step < warm_up:
        return first
    if left <= 0:
        return last
    left = min(left + 1, falling)
    return last + (first - last) * left**3 // falling**3
