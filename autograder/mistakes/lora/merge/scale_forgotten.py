"""B A is added without its scale.

The layer adds α / R · B A; merged, it would compute something else than before.
"""

from langmodels.lora import *


@torch.no_grad()
def merge(layer, undo=False):
    changes = layer.merged == undo
    if layer.merged == undo:
        product = layer.up @ layer.down
        layer.base.weight += -product if undo else product
        layer.merged = not undo
    return changes
