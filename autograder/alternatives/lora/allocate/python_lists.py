"""Sorts places in Python."""

from langmodels.lora import *


def allocate(importance, budget):
    keep = [torch.zeros(len(scores), dtype=torch.bool) for scores in importance]
    places = [(layer, r) for layer, scores in enumerate(importance) for r in range(len(scores))]
    places.sort(key=lambda place: -importance[place[0]][place[1]].item())
    for layer, rank in places[:budget]:
        keep[layer][rank] = True
    return keep
