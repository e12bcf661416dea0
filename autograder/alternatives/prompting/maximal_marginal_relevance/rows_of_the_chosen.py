"""Right: the rows of all the chosen ones, and a mask."""

from langmodels.prompting import *


def maximal_marginal_relevance(relevance, similarity, n_chosen, trade_off=0.5):
    is_left = torch.ones(len(relevance), dtype=torch.bool)
    chosen = []
    while is_left.any() and len(chosen) < n_chosen:
        gain = trade_off * relevance.double()
        if chosen:
            gain -= (1 - trade_off) * similarity.double()[:, chosen].amax(dim=1)
        chosen.append(gain.where(is_left, -torch.inf).argmax().item())
        is_left[chosen[-1]] = False
    return chosen
