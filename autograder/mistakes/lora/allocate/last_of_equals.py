"""Of equal scores the last stay.

Turning a rising sort round turns equals round too. Sort falling, and stably.
"""

from langmodels.lora import *


def allocate(importance, budget):
    scores = torch.cat(list(importance))
    keep = torch.zeros_like(scores, dtype=torch.bool)
    keep[scores.argsort(stable=True).flip(0)[:budget]] = True
    return list(keep.split([len(ranks) for ranks in importance]))
