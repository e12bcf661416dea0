"""The price of leaving is forgotten.

Then nothing holds the policy, and it finds answers that the reward model never saw and overrates.
"""

from langmodels.preferences import *


def shaped_rewards(scores, logprobs, reference, mask, beta):
    rewards = torch.zeros_like(logprobs)
    later = mask.flip(1).cumsum(1).flip(1)
    last = mask & (later == 1)
    return rewards + scores[:, None] * last
