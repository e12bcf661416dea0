"""Only first choices are counted.

Second choices are work as well. With k = 2 an expert that is everybody's second choice would seem
idle.
"""

from langmodels.transformer import *


def load_balance_loss(logits, experts):
    n_tokens, n_experts = logits.shape
    share = torch.bincount(experts[:, 0], minlength=n_experts).to(logits.dtype) / n_tokens
    probability = logits.softmax(-1).mean(0)
    return n_experts * (share * probability).sum()
