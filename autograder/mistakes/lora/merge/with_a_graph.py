"""The change is recorded for gradients.

The weights then are a result of down and up. Each backward pass goes through every merge that
ever was.
"""

from langmodels.lora import *


def merge(layer, undo=False):
    changes = layer.merged == undo
    if layer.merged == undo:
        with torch.enable_grad():
            layer.base.weight += -layer.delta() if undo else layer.delta()
        layer.merged = not undo
    return changes
