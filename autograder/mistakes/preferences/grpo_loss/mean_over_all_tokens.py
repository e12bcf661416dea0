"""The mean is over all tokens of the batch.

That is what DAPO and others do later, on purpose. In the paper each answer counts alike, however
long it is.
"""

from langmodels.preferences import *


def grpo_loss(logprobs, old, reference, advantage, mask, clip=0.2, beta=0.04):
    ratio = (logprobs - old).exp()
    worth = advantage[:, None]
    gain = torch.minimum(ratio * worth, ratio.clamp(1 - clip, 1 + clip) * worth)
    losses = (beta * kl_estimate(logprobs, reference) - gain) * mask
    return masked_mean(losses, mask)
