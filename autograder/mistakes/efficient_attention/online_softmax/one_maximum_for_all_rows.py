"""All rows share one maximum.

It cancels in the softmax, but not always in the computer: a row far below the maximum of another
one underflows to nothing. Each row has its own.
"""

from langmodels.efficient_attention import *


def online_softmax(blocks):
    largest = total = None
    for block in blocks:
        own = block.max()
        if largest is None:
            largest = torch.full_like(block[..., 0], -torch.inf)
            total = torch.zeros_like(largest)
        before = largest
        largest = torch.maximum(before, own)
        anchor = largest.masked_fill(largest == -torch.inf, 0.0)
        total = total * (before - anchor).exp() + (block - anchor[..., None]).exp().sum(-1)
    return largest, total
