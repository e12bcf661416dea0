"""What goes is marked, not what stays.

True stands for a rank that is kept, and False for one that goes.
"""

from langmodels.lora import *


def allocate(importance, budget):
    scores = torch.cat(list(importance))
    keep = torch.zeros_like(scores, dtype=torch.bool)
    keep[scores.argsort(descending=True, stable=True)[:budget]] = True
    return [~part for part in keep.split([len(ranks) for ranks in importance])]
