"""KL is added.

An answer has to rise above the average, so that is taken off.
"""

from langmodels.preferences import *


def kto_loss(logprobs, reference, is_good, kl, beta=0.1, good=1.0, bad=1.0):
    above = beta * (logprobs - reference + kl)
    losses = torch.where(is_good, good * (-above).sigmoid(), bad * above.sigmoid())
    return losses.mean()
