"""The two kinds are averaged apart.

Then one bad answer weighs as much as a hundred good ones. What balances the kinds are the weights,
and the mean is of all.
"""

from langmodels.preferences import *


def kto_loss(logprobs, reference, is_good, kl, beta=0.1, good=1.0, bad=1.0):
    above = beta * (logprobs - reference - kl)
    losses = torch.where(is_good, good * (-above).sigmoid(), bad * above.sigmoid())
    return losses[is_good].sum() / is_good.sum().clamp(min=1) + losses[~is_good].sum() / (
        ~is_good
    ).sum().clamp(min=1)
