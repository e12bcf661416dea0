"""It is not noted that the layer is merged.

The next call adds the correction once more to what holds it already.
"""

from langmodels.lora import *


@torch.no_grad()
def merge(layer, undo=False):
    changes = layer.merged == undo
    if layer.merged == undo:
        layer.base.weight += -layer.delta() if undo else layer.delta()
    return changes
