"""Takes the best that is left, as often as the budget allows."""

from langmodels.lora import *


def allocate(importance, budget):
    scores = torch.cat([ranks.double() for ranks in importance])
    keep = torch.zeros(len(scores), dtype=torch.bool)
    for _ in range(min(budget, len(scores))):
        best = scores.max()
        place = int((scores == best).nonzero()[0])
        keep[place] = True
        scores[place] = -torch.inf
    lengths = [len(ranks) for ranks in importance]
    return [*torch.split(keep, lengths)]
