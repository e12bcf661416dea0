"""The clip is always 0.2.

It is a setting; this ignores what the caller chose.
"""

from langmodels.preferences import *


def ppo_loss(logprobs, old, advantage, mask, clip=0.2):
    ratio = (logprobs - old).exp()
    near = ratio.clamp(0.8, 1.2)
    gain = torch.minimum(ratio * advantage, near * advantage)
    return -masked_mean(gain, mask)
