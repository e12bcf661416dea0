"""The budget is no whole number.

Ranks can be kept or not. Half a rank has no meaning, and a slice refuses a float.
"""

from langmodels.lora import *


def rank_budget(step, n_steps, first, last, warm_up, cool_down):
    falling = n_steps - warm_up - cool_down
    left = falling - (step - warm_up)
    if step < warm_up:
        return first
    if left <= 0:
        return last
    return last + (first - last) * (left / falling) ** 3
