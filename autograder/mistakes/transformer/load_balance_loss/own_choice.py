"""The loss chooses experts itself.

Where they went is given: with noise or a capacity it may be elsewhere than the logits say.
"""

from langmodels.transformer import *


def load_balance_loss(logits, experts):
    n_tokens, n_experts = logits.shape
    share = (
        torch.bincount(logits.topk(experts.shape[1]).indices.flatten(), minlength=n_experts).to(
            logits.dtype
        )
        / n_tokens
    )
    probability = logits.softmax(-1).mean(0)
    return n_experts * (share * probability).sum()
