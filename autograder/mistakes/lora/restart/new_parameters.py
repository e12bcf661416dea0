"""The layer gets new parameters.

The optimiser holds the old ones and goes on moving those. The new ones never learn. Fill the old
ones in place.
"""

from langmodels.lora import *


def restart(layer, optimizer):
    delta = layer.delta().detach()
    merge(layer)
    layer.merged = False
    down, up = layer.down, layer.up
    layer.down = nn.Parameter(torch.empty_like(down))
    layer.up = nn.Parameter(torch.zeros_like(up))
    nn.init.kaiming_uniform_(layer.down, a=sqrt(5))
    for parameter in (down, up):
        optimizer.state.pop(parameter, None)
    return delta
