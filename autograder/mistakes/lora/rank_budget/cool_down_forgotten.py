"""There is no cool-down.

The last steps are for learning with the ranks that are left, once nothing changes any more.
"""

from langmodels.lora import *


def rank_budget(step, n_steps, first, last, warm_up, cool_down):
    cool_down = 0
    falling = n_steps - warm_up - cool_down
    left = falling - (step - warm_up)
    if step < warm_up:
        return first
    if left <= 0:
        return last
    return last + (first - last) * left**3 // falling**3
