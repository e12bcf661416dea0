"""The weights carry no gradient.

The choice has none, so the weights are the only way in which the gate can learn.
"""

from langmodels.transformer import *


def route(logits, n_chosen):
    best, experts = logits.topk(n_chosen, dim=-1)
    return best.softmax(-1).detach(), experts
