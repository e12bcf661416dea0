"""The shares are divided by N · k and sum to 1.

Then a balanced mixture has a loss of 1 for every k. The docstring counts over N.
"""

from langmodels.transformer import *


def load_balance_loss(logits, experts):
    n_experts = logits.shape[1]
    share = (
        torch.bincount(experts.flatten(), minlength=n_experts).to(logits.dtype) / experts.numel()
    )
    probability = logits.softmax(-1).mean(0)
    return n_experts * (share * probability).sum()
