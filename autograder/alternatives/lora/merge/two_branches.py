"""Handles the two directions one after the other, and copies the sum."""

from langmodels.lora import *


def merge(layer, undo=False):
    with torch.no_grad():
        if undo and layer.merged:
            layer.base.weight.copy_(layer.base.weight - layer.delta())
            layer.merged = False
        elif not undo and not layer.merged:
            layer.base.weight.copy_(layer.base.weight + layer.delta())
            layer.merged = True
        else:
            return False
    return True
