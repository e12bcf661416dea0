"""All windows side by side, in float64."""

from langmodels.mamba import *


def causal_depthwise_conv(x, weight, bias, past=None):
    width = weight.shape[1]
    past = x.new_zeros(len(x), width - 1, x.shape[2]) if past is None else past
    known = torch.cat((past, x), dim=1)
    windows = known.double().unfold(1, width, 1)
    y = torch.einsum("btew,ew->bte", windows, weight.double()) + bias.double()
    return y.to(x.dtype), known.narrow(1, x.shape[1], width - 1).clone()
