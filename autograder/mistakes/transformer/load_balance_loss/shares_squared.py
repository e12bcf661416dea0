"""Shares are multiplied with shares.

A share is a count, which has no gradient: this loss can be written down, and nothing can be
learned from it.
"""

from langmodels.transformer import *


def load_balance_loss(logits, experts):
    n_tokens, n_experts = logits.shape
    share = torch.bincount(experts.flatten(), minlength=n_experts).to(logits.dtype) / n_tokens
    probability = logits.softmax(-1).mean(0)
    return n_experts * (share * share + 0 * probability).sum()
