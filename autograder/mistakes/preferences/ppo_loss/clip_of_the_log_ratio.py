"""The log-ratio is clamped, not the ratio.

exp(0.2) is 1.22 and exp(-0.2) is 0.82: nearly the same for a small clip, and not the same for a
large one.
"""

from langmodels.preferences import *


def ppo_loss(logprobs, old, advantage, mask, clip=0.2):
    ratio = (logprobs - old).exp()
    near = (logprobs - old).clamp(-clip, clip).exp()
    gain = torch.minimum(ratio * advantage, near * advantage)
    return -masked_mean(gain, mask)
