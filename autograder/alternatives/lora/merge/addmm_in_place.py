"""Adds the product to the weights in one operation."""

from langmodels.lora import *


def merge(layer, undo=False):
    if undo != layer.merged:
        return False
    sign = -1 if undo else 1
    weight = layer.base.weight.data
    weight.addmm_(layer.up.data, layer.down.data, alpha=sign * layer.scale)
    layer.merged = not layer.merged
    return True
