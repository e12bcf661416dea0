"""The correction is not merged before it begins anew.

All that was learned so far is thrown away.
"""

from langmodels.lora import *


def restart(layer, optimizer):
    delta = layer.delta().detach()
    layer.merged = False
    nn.init.kaiming_uniform_(layer.down, a=sqrt(5))
    nn.init.zeros_(layer.up)
    for parameter in (layer.down, layer.up):
        optimizer.state.pop(parameter, None)
    return delta
