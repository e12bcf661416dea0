"""Each row is divided by the width of the batch.

The padding is counted, so that an answer counts less if a longer one happens to stand beside it.
"""

from langmodels.preferences import *


def grpo_loss(logprobs, old, reference, advantage, mask, clip=0.2, beta=0.04):
    ratio = (logprobs - old).exp()
    worth = advantage[:, None]
    gain = torch.minimum(ratio * worth, ratio.clamp(1 - clip, 1 + clip) * worth)
    losses = (beta * kl_estimate(logprobs, reference) - gain) * mask
    return losses.mean()
