"""The score is multiplied by β as well.

β sets what leaving costs against what answering well earns. On both it only changes the learning
rate.
"""

from langmodels.preferences import *


def shaped_rewards(scores, logprobs, reference, mask, beta):
    rewards = -beta * kl_estimate(logprobs, reference, "k1") * mask
    later = mask.flip(1).cumsum(1).flip(1)
    last = mask & (later == 1)
    return rewards + beta * scores[:, None] * last
