"""The mean is of the answers' means.

Then a token of a short answer counts more than one of a long answer. Here all tokens of the mask
count alike.
"""

from langmodels.preferences import *


def value_loss(values, old, returns, mask, clip=0.2):
    near = torch.clamp(values, old - clip, old + clip)
    worst = torch.maximum((values - returns).square(), (near - returns).square())
    return ((worst * mask).sum(1) / mask.sum(1).clamp(min=1)).mean() / 2
