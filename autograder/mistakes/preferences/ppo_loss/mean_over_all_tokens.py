"""The mean is over all tokens of the batch.

Padding is 0 but is counted. So a batch with much padding learns more slowly.
"""

from langmodels.preferences import *


def ppo_loss(logprobs, old, advantage, mask, clip=0.2):
    ratio = (logprobs - old).exp()
    near = ratio.clamp(1 - clip, 1 + clip)
    gain = torch.minimum(ratio * advantage, near * advantage)
    return -(gain * mask).mean()
