"""Only the moments of up are forgotten.

Down began anew as well, and its moments are those of another matrix.
"""

from langmodels.lora import *


def restart(layer, optimizer):
    delta = layer.delta().detach()
    merge(layer)
    layer.merged = False
    nn.init.kaiming_uniform_(layer.down, a=sqrt(5))
    nn.init.zeros_(layer.up)
    optimizer.state.pop(layer.up, None)
    return delta
