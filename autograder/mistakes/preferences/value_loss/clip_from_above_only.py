"""The values are clamped from above only.

A leap downwards is as hasty as one upwards.
"""

from langmodels.preferences import *


def value_loss(values, old, returns, mask, clip=0.2):
    near = torch.minimum(values, old + clip)
    worst = torch.maximum((values - returns).square(), (near - returns).square())
    return masked_mean(worst, mask) / 2
