"""The weights are exchanged.

`good` is the weight of good answers. The two make up for kinds of answers that are rare.
"""

from langmodels.preferences import *


def kto_loss(logprobs, reference, is_good, kl, beta=0.1, good=1.0, bad=1.0):
    above = beta * (logprobs - reference - kl)
    losses = torch.where(is_good, bad * (-above).sigmoid(), good * above.sigmoid())
    return losses.mean()
