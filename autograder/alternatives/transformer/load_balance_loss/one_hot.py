"""Right: counts from one-hot vectors, the product as a dot product."""

from langmodels.transformer import *


def load_balance_loss(logits, experts):
    n_experts = logits.shape[1]
    chosen = functional.one_hot(experts, n_experts).sum(1).to(logits.dtype)
    return n_experts * torch.dot(chosen.mean(0), torch.softmax(logits, 1).mean(0))
