"""Right: every maximum anew, in Python."""

from langmodels.prompting import *


def maximal_marginal_relevance(relevance, similarity, n_chosen, trade_off=0.5):
    worth, alike = relevance.tolist(), similarity.tolist()
    left, chosen = list(range(len(worth))), []
    while left and len(chosen) < n_chosen:

        def gain(place):
            nearest = max((alike[other][place] for other in chosen), default=0.0)
            return trade_off * worth[place] - (1 - trade_off) * nearest

        best = max(left, key=gain)
        left.remove(best)
        chosen.append(best)
    return chosen
