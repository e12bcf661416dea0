"""The factor E is missing.

With it a balanced mixture has the same loss whatever the number of experts.
"""

from langmodels.transformer import *


def load_balance_loss(logits, experts):
    n_tokens, n_experts = logits.shape
    share = torch.bincount(experts.flatten(), minlength=n_experts).to(logits.dtype) / n_tokens
    probability = logits.softmax(-1).mean(0)
    return (share * probability).sum()
