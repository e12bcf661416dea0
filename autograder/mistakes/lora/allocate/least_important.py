"""The least important ranks stay.

argsort rises by default: the first places are those of the smallest scores.
"""

from langmodels.lora import *


def allocate(importance, budget):
    scores = torch.cat(list(importance))
    keep = torch.zeros_like(scores, dtype=torch.bool)
    keep[scores.argsort(stable=True)[:budget]] = True
    return list(keep.split([len(ranks) for ranks in importance]))
