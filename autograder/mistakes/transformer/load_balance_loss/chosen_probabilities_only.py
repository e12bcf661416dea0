"""Probabilities count only where an expert was chosen.

Then those not chosen get no gradient, and nothing pulls idle experts back to work.
"""

from langmodels.transformer import *


def load_balance_loss(logits, experts):
    n_tokens, n_experts = logits.shape
    share = torch.bincount(experts.flatten(), minlength=n_experts).to(logits.dtype) / n_tokens
    probability = (logits.softmax(-1) * torch.zeros_like(logits).scatter(1, experts, 1.0)).mean(0)
    return n_experts * (share * probability).sum()
