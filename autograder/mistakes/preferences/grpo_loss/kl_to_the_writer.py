"""KL is measured to the policy that wrote the answers.

That one moves along with the policy, so nothing holds it to where it began. The reference stays.
"""

from langmodels.preferences import *


def grpo_loss(logprobs, old, reference, advantage, mask, clip=0.2, beta=0.04):
    ratio = (logprobs - old).exp()
    worth = advantage[:, None]
    gain = torch.minimum(ratio * worth, ratio.clamp(1 - clip, 1 + clip) * worth)
    losses = (beta * kl_estimate(logprobs, old) - gain) * mask
    return (losses.sum(1) / mask.sum(1).clamp(min=1)).mean()
