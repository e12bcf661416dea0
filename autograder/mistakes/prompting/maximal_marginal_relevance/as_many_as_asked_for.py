"""More are chosen than there are.

When all gains are -inf the first place is the largest, again and again.
"""

from langmodels.prompting import *


def maximal_marginal_relevance(relevance, similarity, n_chosen, trade_off=0.5):
    chosen = []
    nearest = torch.zeros_like(relevance)
    for _ in range(n_chosen):
        gain = trade_off * relevance - (1 - trade_off) * nearest
        gain[chosen] = -torch.inf
        best = int(gain.argmax())
        nearest = similarity[best] if not chosen else torch.maximum(nearest, similarity[best])
        chosen.append(best)
    return chosen
