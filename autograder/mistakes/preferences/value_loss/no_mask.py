"""The mask is forgotten.

The critic is asked for the values of the prompt and the padding, which have no return.
"""

from langmodels.preferences import *


def value_loss(values, old, returns, mask, clip=0.2):
    near = torch.clamp(values, old - clip, old + clip)
    worst = torch.maximum((values - returns).square(), (near - returns).square())
    return worst.mean() / 2
