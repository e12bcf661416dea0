"""The fall is stretched over all steps.

The falling part is what warm-up and cool-down leave. With all steps the budget jumps when the
cool-down begins.
"""

from langmodels.lora import *


def rank_budget(step, n_steps, first, last, warm_up, cool_down):
    falling = n_steps - warm_up - cool_down
    left = falling - (step - warm_up)
    if step < warm_up:
        return first
    if left <= 0:
        return last
    left = n_steps - step
    return last + (first - last) * left**3 // n_steps**3
