"""Only the clamped values count.

Where the critic has gone too far the wrong way, nothing pulls it back: a clamped value has no
slope.
"""

from langmodels.preferences import *


def value_loss(values, old, returns, mask, clip=0.2):
    near = torch.clamp(values, old - clip, old + clip)
    worst = (near - returns).square()
    return masked_mean(worst, mask) / 2
