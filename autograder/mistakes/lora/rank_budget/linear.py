"""The budget falls evenly.

A cube falls fast at first, while many ranks are still useless, and then slowly, where each one
counts.
"""

from langmodels.lora import *


def rank_budget(step, n_steps, first, last, warm_up, cool_down):
    falling = n_steps - warm_up - cool_down
    left = falling - (step - warm_up)
    if step < warm_up:
        return first
    if left <= 0:
        return last
    return last + (first - last) * left // falling
