"""Each layer keeps as many ranks as it is due, but the first ones.

Which ranks are important says the score, not their place. Unlike singular values, they are not
sorted.
"""

from langmodels.lora import *


def allocate(importance, budget):
    scores = torch.cat(list(importance))
    keep = torch.zeros_like(scores, dtype=torch.bool)
    keep[scores.argsort(descending=True, stable=True)[:budget]] = True
    parts = keep.split([len(ranks) for ranks in importance])
    return [torch.arange(len(part)) < part.sum() for part in parts]
