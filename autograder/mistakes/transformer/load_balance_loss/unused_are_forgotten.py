"""Experts that nobody chose are left out.

bincount ends at the last number that occurs. Idle experts have a share of 0, and the sum still
needs their place.
"""

from langmodels.transformer import *


def load_balance_loss(logits, experts):
    n_tokens = len(logits)
    used, counts = experts.unique(return_counts=True)
    probability = logits.softmax(-1).mean(0)[used]
    return len(used) * (counts.to(logits.dtype) / n_tokens * probability).sum()
