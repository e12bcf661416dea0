"""The policy is paid for leaving the reference.

The price of a token is β times k1, and a price is subtracted. With the other sign the policy runs
away from the reference as fast as it can.
"""

from langmodels.preferences import *


def shaped_rewards(scores, logprobs, reference, mask, beta):
    rewards = beta * kl_estimate(logprobs, reference, "k1") * mask
    later = mask.flip(1).cumsum(1).flip(1)
    last = mask & (later == 1)
    return rewards + scores[:, None] * last
