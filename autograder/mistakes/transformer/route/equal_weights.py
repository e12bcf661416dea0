"""All chosen experts weigh the same.

Then nothing tells the gate which of them was right: its gradient is 0.
"""

from langmodels.transformer import *


def route(logits, n_chosen):
    best, experts = logits.topk(n_chosen, dim=-1)
    return torch.full_like(best, 1 / n_chosen), experts
