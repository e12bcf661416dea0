"""The mask is forgotten.

The prompt's tokens and the padding were not written by the policy; what they earn or cost is
noise.
"""

from langmodels.preferences import *


def ppo_loss(logprobs, old, advantage, mask, clip=0.2):
    ratio = (logprobs - old).exp()
    near = ratio.clamp(1 - clip, 1 + clip)
    gain = torch.minimum(ratio * advantage, near * advantage)
    return -gain.mean()
