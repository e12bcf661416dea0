"""The answer is whether the layer is merged.

Asked for is whether anything has changed: a loop that undoes what it merged has to know which
layers were merged before.
"""

from langmodels.lora import *


@torch.no_grad()
def merge(layer, undo=False):
    if layer.merged == undo:
        layer.base.weight += -layer.delta() if undo else layer.delta()
        layer.merged = not undo
    return layer.merged
