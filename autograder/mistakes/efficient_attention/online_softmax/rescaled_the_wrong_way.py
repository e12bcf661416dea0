"""The correction of the sum is turned round: exp(new maximum - old maximum).

A larger maximum makes every term exp(score - maximum) smaller, so the factor is at most 1.

See: efficient-attention#eq-online
"""

from langmodels.efficient_attention import *


def online_softmax(blocks):
    largest = total = None
    for block in blocks:
        if largest is None:
            largest = torch.full_like(block[..., 0], -torch.inf)
            total = torch.zeros_like(largest)
        before = largest
        largest = torch.maximum(before, block.amax(-1))
        anchor = largest.clamp(min=-1e30)
        grown = torch.where(total > 0, (anchor - before).exp(), 0.0)
        total = total * grown + (block - anchor[..., None]).exp().sum(-1)
    return largest, total
