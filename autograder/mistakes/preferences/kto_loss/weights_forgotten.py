"""The weights are forgotten.

If there are ten good answers for each bad one, the bad ones need a larger weight to be heard.
"""

from langmodels.preferences import *


def kto_loss(logprobs, reference, is_good, kl, beta=0.1, good=1.0, bad=1.0):
    above = beta * (logprobs - reference - kl)
    losses = torch.where(is_good, (-above).sigmoid(), above.sigmoid())
    return losses.mean()
