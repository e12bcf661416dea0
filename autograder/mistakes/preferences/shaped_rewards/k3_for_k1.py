"""The price is k3.

The equation has the log-ratio itself, which may be a gift for tokens that the reference likes
better. k3 is never negative, so that the sum over an answer is no longer its log-ratio.
"""

from langmodels.preferences import *


def shaped_rewards(scores, logprobs, reference, mask, beta):
    rewards = -beta * kl_estimate(logprobs, reference) * mask
    later = mask.flip(1).cumsum(1).flip(1)
    last = mask & (later == 1)
    return rewards + scores[:, None] * last
