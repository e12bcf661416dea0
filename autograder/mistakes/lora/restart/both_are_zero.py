"""Down is set to zero like up.

The gradient of each is multiplied by the other. With both at zero nothing is ever learned again.
"""

from langmodels.lora import *


def restart(layer, optimizer):
    delta = layer.delta().detach()
    merge(layer)
    layer.merged = False
    nn.init.zeros_(layer.down)
    nn.init.zeros_(layer.up)
    for parameter in (layer.down, layer.up):
        optimizer.state.pop(parameter, None)
    return delta
