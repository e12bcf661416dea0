"""Nothing is clipped.

Then one batch of answers can drive the policy as far as it likes.
"""

from langmodels.preferences import *


def grpo_loss(logprobs, old, reference, advantage, mask, clip=0.2, beta=0.04):
    ratio = (logprobs - old).exp()
    worth = advantage[:, None]
    gain = ratio * worth
    losses = (beta * kl_estimate(logprobs, reference) - gain) * mask
    return (losses.sum(1) / mask.sum(1).clamp(min=1)).mean()
