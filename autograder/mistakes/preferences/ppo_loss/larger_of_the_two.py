"""The larger of the two products counts.

A gain should not grow by going too far, and a loss should not be hidden. That is the smaller one.
"""

from langmodels.preferences import *


def ppo_loss(logprobs, old, advantage, mask, clip=0.2):
    ratio = (logprobs - old).exp()
    near = ratio.clamp(1 - clip, 1 + clip)
    gain = torch.maximum(ratio * advantage, near * advantage)
    return -masked_mean(gain, mask)
