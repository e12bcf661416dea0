"""The sum of the correction goes into the bias too.

A bias is added whatever x is. The correction is a linear function of x and belongs into the
weights alone.
"""

from langmodels.lora import *


@torch.no_grad()
def merge(layer, undo=False):
    changes = layer.merged == undo
    if layer.merged == undo:
        sign = -1 if undo else 1
        layer.base.weight += sign * layer.delta()
        if layer.base.bias is not None:
            layer.base.bias += sign * layer.delta().sum(1)
        layer.merged = not undo
    return changes
