"""The answer is places, not marks.

Wanted is for each rank whether it stays: as many truth values as the layer has ranks.
"""

from langmodels.lora import *


def allocate(importance, budget):
    scores = torch.cat(list(importance))
    keep = torch.zeros_like(scores, dtype=torch.bool)
    keep[scores.argsort(descending=True, stable=True)[:budget]] = True
    parts = keep.split([len(ranks) for ranks in importance])
    return [part.nonzero()[:, 0] for part in parts]
