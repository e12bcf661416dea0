"""The fall begins at step 0.

In the warm-up the budget rests, and the falling part is counted from its end: otherwise the
budget jumps down there.
"""

from langmodels.lora import *


def rank_budget(step, n_steps, first, last, warm_up, cool_down):
    falling = n_steps - warm_up - cool_down
    left = falling - (step - warm_up)
    if step < warm_up:
        return first
    if left <= 0:
        return last
    whole = n_steps - cool_down
    return last + (first - last) * (whole - step) ** 3 // whole**3
