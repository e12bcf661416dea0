"""The last token gets the score in the place of its price.

It pays like all others; the score is added.
"""

from langmodels.preferences import *


def shaped_rewards(scores, logprobs, reference, mask, beta):
    rewards = -beta * kl_estimate(logprobs, reference, "k1") * mask
    later = mask.flip(1).cumsum(1).flip(1)
    last = mask & (later == 1)
    return torch.where(last, scores[:, None], rewards)
