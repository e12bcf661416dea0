"""A chosen candidate can come again.

A relevant one may have the largest gain even though it is its own copy. Who was chosen is out.
"""

from langmodels.prompting import *


def maximal_marginal_relevance(relevance, similarity, n_chosen, trade_off=0.5):
    chosen = []
    nearest = torch.zeros_like(relevance)
    for _ in range(min(n_chosen, len(relevance))):
        gain = trade_off * relevance - (1 - trade_off) * nearest
        best = int(gain.argmax())
        nearest = similarity[best] if not chosen else torch.maximum(nearest, similarity[best])
        chosen.append(best)
    return chosen
