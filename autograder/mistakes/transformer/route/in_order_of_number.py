"""The chosen experts are listed by number, not the best first.

First choices are served before second ones where an expert is full, so the order has a meaning.
"""

from langmodels.transformer import *


def route(logits, n_chosen):
    best, experts = logits.topk(n_chosen, dim=-1)
    experts, order = experts.sort(-1)
    return best.gather(-1, order).softmax(-1), experts
