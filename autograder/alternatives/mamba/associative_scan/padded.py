"""Rolled and masked instead of cut."""

from langmodels.mamba import *


def associative_scan(decay, value):
    length = value.shape[1]
    place = torch.arange(length).reshape(1, length, *[1] * (value.dim() - 2))
    for k in range(max(0, length - 1).bit_length()):
        has = place >= 2**k
        value = value + torch.where(has, decay * value.roll(2**k, dims=1), 0.0)
        decay = torch.where(has, decay * decay.roll(2**k, dims=1), decay)
    return value
