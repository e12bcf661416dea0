"""The bias is forgotten.

It is added to every output, as in torch.nn.Conv1d.
"""

from langmodels.mamba import *


def causal_depthwise_conv(x, weight, bias, past=None):
    length, width = x.shape[1], weight.shape[1]
    if past is None:
        past = x.new_zeros(len(x), width - 1, x.shape[2])
    known = torch.cat([past, x], dim=1)
    shifted = (known[:, w : w + length] * weight[:, w] for w in range(width))
    return sum(shifted), known[:, length:]
