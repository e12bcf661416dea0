"""Relevance has the weight 1 at every trade-off.

At a trade-off of 0 relevance is not to count at all.
"""

from langmodels.prompting import *


def maximal_marginal_relevance(relevance, similarity, n_chosen, trade_off=0.5):
    chosen = []
    nearest = torch.zeros_like(relevance)
    for _ in range(min(n_chosen, len(relevance))):
        gain = relevance - (1 - trade_off) * nearest
        gain[chosen] = -torch.inf
        best = int(gain.argmax())
        nearest = similarity[best] if not chosen else torch.maximum(nearest, similarity[best])
        chosen.append(best)
    return chosen
