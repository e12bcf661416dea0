"""Scores are compared without their signs.

A score below zero is less than zero, however far below it is.
"""

from langmodels.lora import *


def allocate(importance, budget):
    scores = torch.cat(list(importance))
    keep = torch.zeros_like(scores, dtype=torch.bool)
    keep[scores.abs().argsort(descending=True, stable=True)[:budget]] = True
    return list(keep.split([len(ranks) for ranks in importance]))
