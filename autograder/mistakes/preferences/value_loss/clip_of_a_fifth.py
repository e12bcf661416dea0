"""The clip is always 0.2.

It is a setting; this ignores what the caller chose.
"""

from langmodels.preferences import *


def value_loss(values, old, returns, mask, clip=0.2):
    near = torch.clamp(values, old - 0.2, old + 0.2)
    worst = torch.maximum((values - returns).square(), (near - returns).square())
    return masked_mean(worst, mask) / 2
