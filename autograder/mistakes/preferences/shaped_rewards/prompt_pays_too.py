"""Tokens of the prompt pay as well.

Nobody chose the prompt's tokens but the person who asked. What stands outside the mask has 0.
"""

from langmodels.preferences import *


def shaped_rewards(scores, logprobs, reference, mask, beta):
    rewards = -beta * kl_estimate(logprobs, reference, "k1")
    later = mask.flip(1).cumsum(1).flip(1)
    last = mask & (later == 1)
    return rewards + scores[:, None] * last
