"""β is forgotten.

Log-ratios of whole answers are large numbers: without β every sigmoid is at one of its ends, and
has no slope.
"""

from langmodels.preferences import *


def kto_loss(logprobs, reference, is_good, kl, beta=0.1, good=1.0, bad=1.0):
    above = logprobs - reference - kl
    losses = torch.where(is_good, good * (-above).sigmoid(), bad * above.sigmoid())
    return losses.mean()
