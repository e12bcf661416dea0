"""The chosen ones come in the order of the list.

In which order they were chosen is lost: the first is the one that matters most.
"""

from langmodels.prompting import *


def maximal_marginal_relevance(relevance, similarity, n_chosen, trade_off=0.5):
    chosen = []
    nearest = torch.zeros_like(relevance)
    for _ in range(min(n_chosen, len(relevance))):
        gain = trade_off * relevance - (1 - trade_off) * nearest
        gain[chosen] = -torch.inf
        best = int(gain.argmax())
        nearest = similarity[best] if not chosen else torch.maximum(nearest, similarity[best])
        chosen.append(best)
    return sorted(chosen)
