"""The row is cut into equal pieces.

Layers may differ in rank. Cut where the layers ended.
"""

from langmodels.lora import *


def allocate(importance, budget):
    scores = torch.cat(list(importance))
    keep = torch.zeros_like(scores, dtype=torch.bool)
    keep[scores.argsort(descending=True, stable=True)[:budget]] = True
    return list(keep.tensor_split(len(importance)))
