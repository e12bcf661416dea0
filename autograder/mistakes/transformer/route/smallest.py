"""The experts with the smallest logits are chosen.

The gate then learns to say which experts to leave out.
"""

from langmodels.transformer import *


def route(logits, n_chosen):
    best, experts = logits.topk(n_chosen, dim=-1, largest=False)
    return best.softmax(-1), experts
