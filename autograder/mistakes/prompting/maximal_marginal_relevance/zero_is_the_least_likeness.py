"""Likeness below 0 is taken for 0.

Before the first choice nearest is 0, and a maximum with that never falls below it. What points
away from all that was chosen should gain.
"""

from langmodels.prompting import *


def maximal_marginal_relevance(relevance, similarity, n_chosen, trade_off=0.5):
    chosen = []
    nearest = torch.zeros_like(relevance)
    for _ in range(min(n_chosen, len(relevance))):
        gain = trade_off * relevance - (1 - trade_off) * nearest
        gain[chosen] = -torch.inf
        best = int(gain.argmax())
        nearest = torch.maximum(nearest, similarity[best])
        chosen.append(best)
    return chosen
