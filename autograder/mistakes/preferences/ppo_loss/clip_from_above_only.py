"""The ratio is clamped from above only.

A bad token that has become much rarer then goes on being pushed down. The clip has two sides.
"""

from langmodels.preferences import *


def ppo_loss(logprobs, old, advantage, mask, clip=0.2):
    ratio = (logprobs - old).exp()
    near = ratio.clamp(max=1 + clip)
    gain = torch.minimum(ratio * advantage, near * advantage)
    return -masked_mean(gain, mask)
