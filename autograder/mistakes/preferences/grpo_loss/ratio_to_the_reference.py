"""The ratio is to the reference.

The ratio corrects for who wrote the answers, and that was the old policy. The reference comes in
by KL alone.
"""

from langmodels.preferences import *


def grpo_loss(logprobs, old, reference, advantage, mask, clip=0.2, beta=0.04):
    ratio = (logprobs - reference).exp()
    worth = advantage[:, None]
    gain = torch.minimum(ratio * worth, ratio.clamp(1 - clip, 1 + clip) * worth)
    losses = (beta * kl_estimate(logprobs, reference) - gain) * mask
    return (losses.sum(1) / mask.sum(1).clamp(min=1)).mean()
