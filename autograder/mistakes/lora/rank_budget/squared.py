"""The budget falls with the square.

AdaLoRA's schedule falls with the third power of what is left.
"""

from langmodels.lora import *


def rank_budget(step, n_steps, first, last, warm_up, cool_down):
    falling = n_steps - warm_up - cool_down
    left = falling - (step - warm_up)
    if step < warm_up:
        return first
    if left <= 0:
        return last
    return last + (first - last) * left**2 // falling**2
