"""A layer that is merged is merged again.

Its base holds the correction already, and then holds it twice.
"""

from langmodels.lora import *


def restart(layer, optimizer):
    delta = layer.delta().detach()
    layer.merged = False
    merge(layer)
    layer.merged = False
    nn.init.kaiming_uniform_(layer.down, a=sqrt(5))
    nn.init.zeros_(layer.up)
    for parameter in (layer.down, layer.up):
        optimizer.state.pop(parameter, None)
    return delta
