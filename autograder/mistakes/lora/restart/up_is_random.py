"""Up is drawn anew as well.

The layer then computes something else than before, and a loss that was low jumps up.
"""

from langmodels.lora import *


def restart(layer, optimizer):
    delta = layer.delta().detach()
    merge(layer)
    layer.merged = False
    nn.init.kaiming_uniform_(layer.down, a=sqrt(5))
    nn.init.normal_(layer.up)
    for parameter in (layer.down, layer.up):
        optimizer.state.pop(parameter, None)
    return delta
