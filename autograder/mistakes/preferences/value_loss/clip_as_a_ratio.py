"""The values may change by a fifth of themselves.

A ratio makes sense for probabilities. A value may be 0 or negative, and its clip is a distance.
"""

from langmodels.preferences import *


def value_loss(values, old, returns, mask, clip=0.2):
    near = torch.clamp(values / old, 1 - clip, 1 + clip) * old
    worst = torch.maximum((values - returns).square(), (near - returns).square())
    return masked_mean(worst, mask) / 2
