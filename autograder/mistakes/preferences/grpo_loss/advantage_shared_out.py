"""The advantage is shared out among the tokens.

Every token of an answer has the whole advantage; the mean over the answer's tokens does the rest.
Here the length counts twice.
"""

from langmodels.preferences import *


def grpo_loss(logprobs, old, reference, advantage, mask, clip=0.2, beta=0.04):
    ratio = (logprobs - old).exp()
    worth = advantage[:, None] / mask.sum(1, keepdim=True).clamp(min=1)
    gain = torch.minimum(ratio * worth, ratio.clamp(1 - clip, 1 + clip) * worth)
    losses = (beta * kl_estimate(logprobs, reference) - gain) * mask
    return (losses.sum(1) / mask.sum(1).clamp(min=1)).mean()
