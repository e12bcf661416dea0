"""The error is not squared.

The mean of absolute errors leads to a median. A value is an expectation, and that is what squares
lead to.
"""

from langmodels.preferences import *


def value_loss(values, old, returns, mask, clip=0.2):
    near = torch.clamp(values, old - clip, old + clip)
    worst = torch.maximum((values - returns).abs(), (near - returns).abs())
    return masked_mean(worst, mask) / 2
