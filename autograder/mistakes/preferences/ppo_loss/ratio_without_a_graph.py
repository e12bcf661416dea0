"""The ratio is cut off from the policy.

The loss has the right value and no slope. The old log-probabilities are the constants, not the new
ones.
"""

from langmodels.preferences import *


def ppo_loss(logprobs, old, advantage, mask, clip=0.2):
    ratio = (logprobs - old).exp()
    near = ratio.clamp(1 - clip, 1 + clip)
    gain = torch.minimum(ratio * advantage, near * advantage).detach() + 0 * logprobs
    return -masked_mean(gain, mask)
