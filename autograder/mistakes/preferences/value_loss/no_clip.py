"""Nothing is clipped.

The critic then runs after the noise of one batch, and the advantages of the next are measured
against it.
"""

from langmodels.preferences import *


def value_loss(values, old, returns, mask, clip=0.2):
    near = values
    worst = torch.maximum((values - returns).square(), (near - returns).square())
    return masked_mean(worst, mask) / 2
