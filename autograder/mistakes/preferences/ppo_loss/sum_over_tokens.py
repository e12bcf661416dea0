"""The tokens are added up.

Then the step grows with the length of the answers and the size of the batch.
"""

from langmodels.preferences import *


def ppo_loss(logprobs, old, advantage, mask, clip=0.2):
    ratio = (logprobs - old).exp()
    near = ratio.clamp(1 - clip, 1 + clip)
    gain = torch.minimum(ratio * advantage, near * advantage)
    return -(gain * mask).sum()
