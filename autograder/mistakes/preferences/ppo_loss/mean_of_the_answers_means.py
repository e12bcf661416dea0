"""The mean is of the answers' means.

Then a token of a short answer counts more than one of a long answer. Here all tokens of the mask
count alike.
"""

from langmodels.preferences import *


def ppo_loss(logprobs, old, advantage, mask, clip=0.2):
    ratio = (logprobs - old).exp()
    near = ratio.clamp(1 - clip, 1 + clip)
    gain = torch.minimum(ratio * advantage, near * advantage)
    return -((gain * mask).sum(1) / mask.sum(1).clamp(min=1)).mean()
