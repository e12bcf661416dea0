"""One ratio is formed for the whole answer.

That is GSPO (Zheng et al., 2025) or close to it. In GRPO each token has its own ratio and its own
clip.
"""

from langmodels.preferences import *


def grpo_loss(logprobs, old, reference, advantage, mask, clip=0.2, beta=0.04):
    ratio = ((logprobs - old) * mask).sum(1, keepdim=True).exp().expand_as(logprobs)
    worth = advantage[:, None]
    gain = torch.minimum(ratio * worth, ratio.clamp(1 - clip, 1 + clip) * worth)
    losses = (beta * kl_estimate(logprobs, reference) - gain) * mask
    return (losses.sum(1) / mask.sum(1).clamp(min=1)).mean()
