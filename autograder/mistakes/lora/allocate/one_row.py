"""The answer is one row, not one for each layer.

Each layer needs to know about its own ranks. Cut the row as it was put together.
"""

from langmodels.lora import *


def allocate(importance, budget):
    scores = torch.cat(list(importance))
    keep = torch.zeros_like(scores, dtype=torch.bool)
    keep[scores.argsort(descending=True, stable=True)[:budget]] = True
    return [keep]
