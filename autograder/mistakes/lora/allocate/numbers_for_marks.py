"""The marks are numbers.

With 0 and 1 as indices, rank 0 and rank 1 are picked again and again. A mask has to be of truth
values.
"""

from langmodels.lora import *


def allocate(importance, budget):
    scores = torch.cat(list(importance))
    keep = torch.zeros_like(scores, dtype=torch.bool)
    keep[scores.argsort(descending=True, stable=True)[:budget]] = True
    return [part.long() for part in keep.split([len(ranks) for ranks in importance])]
