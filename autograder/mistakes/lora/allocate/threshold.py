"""All scores that reach the threshold stay.

Where scores are equal to the threshold that is more than the budget allows. At the start all may
be equal.
"""

from langmodels.lora import *


def allocate(importance, budget):
    scores = torch.cat(list(importance))
    keep = torch.zeros_like(scores, dtype=torch.bool)
    if budget:
        keep = scores >= scores.sort(descending=True).values[min(budget, len(scores)) - 1]
    return list(keep.split([len(ranks) for ranks in importance]))
