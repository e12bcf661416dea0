"""The smaller of the two errors counts.

Then the clip rewards a leap: far from the old value, the clamped error is a way out.
"""

from langmodels.preferences import *


def value_loss(values, old, returns, mask, clip=0.2):
    near = torch.clamp(values, old - clip, old + clip)
    worst = torch.minimum((values - returns).square(), (near - returns).square())
    return masked_mean(worst, mask) / 2
