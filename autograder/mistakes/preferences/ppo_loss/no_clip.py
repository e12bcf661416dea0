"""Nothing is clipped.

Then a token that turned out well is made likelier without end, far beyond what one batch of
answers can tell.
"""

from langmodels.preferences import *


def ppo_loss(logprobs, old, advantage, mask, clip=0.2):
    ratio = (logprobs - old).exp()
    near = ratio
    gain = torch.minimum(ratio * advantage, near * advantage)
    return -masked_mean(gain, mask)
