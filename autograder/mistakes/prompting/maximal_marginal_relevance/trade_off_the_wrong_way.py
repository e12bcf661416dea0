"""The trade-off weighs novelty instead of relevance.

At 1 relevance alone is to count. Exchanged, the knob turns the other way, and at a half nobody
notices.
"""

from langmodels.prompting import *


def maximal_marginal_relevance(relevance, similarity, n_chosen, trade_off=0.5):
    chosen = []
    nearest = torch.zeros_like(relevance)
    for _ in range(min(n_chosen, len(relevance))):
        gain = (1 - trade_off) * relevance - trade_off * nearest
        gain[chosen] = -torch.inf
        best = int(gain.argmax())
        nearest = similarity[best] if not chosen else torch.maximum(nearest, similarity[best])
        chosen.append(best)
    return chosen
