"""Every token gets the whole score.

An answer of twenty tokens then earns twenty scores, so long answers win whatever they say. The
score is for the answer, and comes once.
"""

from langmodels.preferences import *


def shaped_rewards(scores, logprobs, reference, mask, beta):
    rewards = -beta * kl_estimate(logprobs, reference, "k1") * mask

    return rewards + scores[:, None] * mask
