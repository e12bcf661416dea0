"""The logits themselves are the weights.

They may be negative and of any size. A softmax makes weights of them that sum to 1.
"""

from langmodels.transformer import *


def route(logits, n_chosen):
    best, experts = logits.topk(n_chosen, dim=-1)
    return best, experts
