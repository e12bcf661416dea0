"""The first choice is not the most relevant but the most central.

Before anything is chosen nothing is repeated: the likeness is 0, whatever the others are like.
"""

from langmodels.prompting import *


def maximal_marginal_relevance(relevance, similarity, n_chosen, trade_off=0.5):
    chosen = []
    nearest = similarity.mean(0)
    for _ in range(min(n_chosen, len(relevance))):
        gain = trade_off * relevance - (1 - trade_off) * nearest
        gain[chosen] = -torch.inf
        best = int(gain.argmax())
        nearest = similarity[[*chosen, best]].amax(0)
        chosen.append(best)
    return chosen
