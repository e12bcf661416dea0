"""The counts are not divided by N.

The loss then grows with the size of the batch, and its weight would have to shrink with it.
"""

from langmodels.transformer import *


def load_balance_loss(logits, experts):
    n_experts = logits.shape[1]
    share = torch.bincount(experts.flatten(), minlength=n_experts).to(logits.dtype)
    probability = logits.softmax(-1).mean(0)
    return n_experts * (share * probability).sum()
