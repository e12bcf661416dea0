"""The mean is over all tokens of the batch.

Padding is 0 but is counted, so that the loss shrinks with the padding.
"""

from langmodels.preferences import *


def value_loss(values, old, returns, mask, clip=0.2):
    near = torch.clamp(values, old - clip, old + clip)
    worst = torch.maximum((values - returns).square(), (near - returns).square())
    return (worst * mask).mean() / 2
