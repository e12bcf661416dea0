"""The budget is rounded up.

It is a budget: no more than the formula says.
"""

from langmodels.lora import *


def rank_budget(step, n_steps, first, last, warm_up, cool_down):
    falling = n_steps - warm_up - cool_down
    left = falling - (step - warm_up)
    if step < warm_up:
        return first
    if left <= 0:
        return last
    return last - (-(first - last) * left**3 // falling**3)
