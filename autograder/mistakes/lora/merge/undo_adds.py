"""Undoing adds the correction once more.

What merging added has to be subtracted to get the base back.
"""

from langmodels.lora import *


@torch.no_grad()
def merge(layer, undo=False):
    changes = layer.merged == undo
    if layer.merged == undo:
        layer.base.weight += layer.delta()
        layer.merged = not undo
    return changes
