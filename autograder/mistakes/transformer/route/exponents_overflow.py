"""exp is taken of the logits as they are.

exp(1000) is infinite, and infinite over infinite is nan. torch.softmax takes the largest off
first.
"""

from langmodels.transformer import *


def route(logits, n_chosen):
    best, experts = logits.topk(n_chosen, dim=-1)
    return best.exp() / best.exp().sum(-1, keepdim=True), experts
