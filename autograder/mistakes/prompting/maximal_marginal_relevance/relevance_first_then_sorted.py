"""The most relevant are taken, and then put in order of novelty.

Two twins that are both relevant then both stay. Novelty has to decide who comes in, not only who
comes first.
"""

from langmodels.prompting import *


def maximal_marginal_relevance(relevance, similarity, n_chosen, trade_off=0.5):
    chosen = []
    nearest = torch.zeros_like(relevance)
    few = relevance.argsort(descending=True, stable=True)[:n_chosen]
    out = torch.ones_like(relevance).bool().scatter(0, few, False)
    for _ in range(min(n_chosen, len(relevance))):
        gain = trade_off * relevance - (1 - trade_off) * nearest
        gain[chosen] = -torch.inf
        gain[out] = -torch.inf
        best = int(gain.argmax())
        nearest = similarity[best] if not chosen else torch.maximum(nearest, similarity[best])
        chosen.append(best)
    return chosen
