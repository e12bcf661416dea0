"""There is no warm-up.

Before something has been learned nothing can be said about what is important.
"""

from langmodels.lora import *


def rank_budget(step, n_steps, first, last, warm_up, cool_down):
    falling = n_steps - cool_down
    left = falling - step
    if left <= 0:
        return last
    return last + (first - last) * left**3 // falling**3
