"""The softmax is taken over the tokens.

Then tokens compete for an expert, and each token's weights do not sum to 1.
"""

from langmodels.transformer import *


def route(logits, n_chosen):
    best, experts = logits.topk(n_chosen, dim=-1)
    return best.softmax(0), experts
