"""Only the last choice counts as a neighbour.

A twin of the first choice is welcome again after the second. The nearest of all that were chosen
makes it stale.
"""

from langmodels.prompting import *


def maximal_marginal_relevance(relevance, similarity, n_chosen, trade_off=0.5):
    chosen = []
    nearest = torch.zeros_like(relevance)
    for _ in range(min(n_chosen, len(relevance))):
        gain = trade_off * relevance - (1 - trade_off) * nearest
        gain[chosen] = -torch.inf
        best = int(gain.argmax())
        nearest = similarity[best]
        chosen.append(best)
    return chosen
