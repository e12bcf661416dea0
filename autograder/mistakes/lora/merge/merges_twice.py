"""A layer that is merged is merged again.

Calling it twice happens easily, in a loop over layers that share a base for instance. The
correction is then in twice.
"""

from langmodels.lora import *


@torch.no_grad()
def merge(layer, undo=False):
    changes = layer.merged == undo
    layer.base.weight += -layer.delta() if undo else layer.delta()
    layer.merged = not undo
    return changes
