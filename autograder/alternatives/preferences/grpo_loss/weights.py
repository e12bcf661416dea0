"""Right: one weighted sum over all tokens."""

from langmodels.preferences import *


def grpo_loss(logprobs, old, reference, advantage, mask, clip=0.2, beta=0.04):
    weight = mask.to(logprobs.dtype) / (mask.sum(1, keepdim=True).clamp(min=1) * len(mask))
    ratio, worth = torch.exp(logprobs - old), advantage.unsqueeze(1)
    bounded = torch.where(worth > 0, ratio.clamp(max=1 + clip), ratio.clamp(min=1 - clip))
    apart = reference - logprobs
    return ((beta * (torch.expm1(apart) - apart) - bounded * worth) * weight).sum()
