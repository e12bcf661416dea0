"""With floats, as the paper's code has it."""

from langmodels.lora import *


def rank_budget(step, n_steps, first, last, warm_up, cool_down):
    if step < warm_up:
        return first
    if step >= n_steps - cool_down:
        return last
    left = 1 - (step - warm_up) / (n_steps - cool_down - warm_up)
    return int((first - last) * left**3 + last)
