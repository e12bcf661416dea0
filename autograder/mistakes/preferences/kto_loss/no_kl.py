"""KL is forgotten.

Then an answer counts as risen when the policy gives it more than the reference did, even if it
gives all its answers more. KL is how far it has moved on average.
"""

from langmodels.preferences import *


def kto_loss(logprobs, reference, is_good, kl, beta=0.1, good=1.0, bad=1.0):
    above = beta * (logprobs - reference)
    losses = torch.where(is_good, good * (-above).sigmoid(), bad * above.sigmoid())
    return losses.mean()
