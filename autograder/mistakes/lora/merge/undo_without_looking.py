"""Undoing subtracts even where nothing was merged.

Then the base lacks a correction that it never had, and each further call takes away more.
"""

from langmodels.lora import *


@torch.no_grad()
def merge(layer, undo=False):
    changes = layer.merged == undo
    if undo:
        layer.base.weight -= layer.delta()
        layer.merged = False
    elif not layer.merged:
        layer.base.weight += layer.delta()
        layer.merged = True
    return changes
