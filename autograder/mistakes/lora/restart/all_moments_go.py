"""The optimiser forgets everything.

Other layers are in the midst of learning. Only the two parameters that began anew lose their
moments.
"""

from langmodels.lora import *


def restart(layer, optimizer):
    delta = layer.delta().detach()
    merge(layer)
    layer.merged = False
    nn.init.kaiming_uniform_(layer.down, a=sqrt(5))
    nn.init.zeros_(layer.up)
    optimizer.state.clear()
    return delta
