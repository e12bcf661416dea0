"""The ratio is old / policy.

Then a good token is pushed down: the smaller its probability, the larger the ratio.
"""

from langmodels.preferences import *


def ppo_loss(logprobs, old, advantage, mask, clip=0.2):
    ratio = (old - logprobs).exp()
    near = ratio.clamp(1 - clip, 1 + clip)
    gain = torch.minimum(ratio * advantage, near * advantage)
    return -masked_mean(gain, mask)
