"""Blelloch's way: pairs are joined, scanned, and taken apart, with T work in each of two sweeps."""

from langmodels.mamba import *


def associative_scan(decay, value):
    length = value.shape[1]
    if length < 2:
        return value.clone()
    even = length // 2 * 2
    d0, d1 = decay[:, :even:2], decay[:, 1:even:2]
    v0, v1 = value[:, :even:2], value[:, 1:even:2]
    odd = associative_scan(d1 * d0, d1 * v0 + v1)
    later = decay[:, 2::2] * odd[:, : (length - 1) // 2] + value[:, 2::2]
    out = torch.cat([value[:, :1], later], dim=1)
    both = torch.stack([out[:, : even // 2], odd], dim=2).flatten(1, 2)
    return both if even == length else torch.cat([both, out[:, -1:]], dim=1)
