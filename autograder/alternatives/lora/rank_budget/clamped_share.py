"""One formula for all steps: the share that is left is clamped."""

from langmodels.lora import *


def rank_budget(step, n_steps, first, last, warm_up, cool_down):
    falling = max(n_steps - warm_up - cool_down, 1)
    over = n_steps - cool_down - step
    left = 0 if over <= 0 and step >= warm_up else min(max(over, 0), falling)
    left = falling if step < warm_up else left
    return last + ((first - last) * left**3) // (falling**3)
