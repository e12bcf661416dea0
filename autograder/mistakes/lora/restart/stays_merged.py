"""The layer still counts as merged.

Then its forward pass leaves the new correction out, and nothing is learned any more.
"""

from langmodels.lora import *


def restart(layer, optimizer):
    delta = layer.delta().detach()
    merge(layer)
    nn.init.kaiming_uniform_(layer.down, a=sqrt(5))
    nn.init.zeros_(layer.up)
    for parameter in (layer.down, layer.up):
        optimizer.state.pop(parameter, None)
    return delta
