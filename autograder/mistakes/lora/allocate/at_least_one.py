"""Each layer keeps at least one rank.

A layer that matters to nobody may lose its correction altogether; its rank is needed elsewhere.
"""

from langmodels.lora import *


def allocate(importance, budget):
    scores = torch.cat(list(importance))
    keep = torch.zeros_like(scores, dtype=torch.bool)
    keep[scores.argsort(descending=True, stable=True)[:budget]] = True
    parts = list(keep.split([len(ranks) for ranks in importance]))
    for part, own in zip(parts, importance, strict=True):
        part[own.argmax()] = True
    return parts
