"""The gain comes back, not a loss.

An optimiser makes its number smaller. Without the minus it makes good tokens unlikely.
"""

from langmodels.preferences import *


def ppo_loss(logprobs, old, advantage, mask, clip=0.2):
    ratio = (logprobs - old).exp()
    near = ratio.clamp(1 - clip, 1 + clip)
    gain = torch.minimum(ratio * advantage, near * advantage)
    return masked_mean(gain, mask)
