"""Merged, the correction is set to zero.

The layer then computes the right thing once. But what was learned is gone: it cannot be taken
out, saved, or learned on.
"""

from langmodels.lora import *


@torch.no_grad()
def merge(layer, undo=False):
    changes = layer.merged == undo
    if layer.merged == undo:
        layer.base.weight += -layer.delta() if undo else layer.delta()
        layer.merged = not undo
        layer.up.zero_()
    return changes
