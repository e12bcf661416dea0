"""The mean likeness to the chosen ones counts.

One twin among many strangers hardly moves a mean. A copy is a copy of one, so the largest counts.
"""

from langmodels.prompting import *


def maximal_marginal_relevance(relevance, similarity, n_chosen, trade_off=0.5):
    chosen = []
    nearest = torch.zeros_like(relevance)
    for _ in range(min(n_chosen, len(relevance))):
        gain = trade_off * relevance - (1 - trade_off) * nearest
        gain[chosen] = -torch.inf
        best = int(gain.argmax())
        chosen.append(best)
        nearest = similarity[chosen].mean(0)
    return chosen
