"""The base gets a new parameter.

What else holds the old one (an optimiser, a tied layer) does not see the change, and a new
parameter learns by default.
"""

from langmodels.lora import *


@torch.no_grad()
def merge(layer, undo=False):
    changes = layer.merged == undo
    if layer.merged == undo:
        sign = -1 if undo else 1
        layer.base.weight = nn.Parameter(layer.base.weight + sign * layer.delta())
        layer.merged = not undo
    return changes
