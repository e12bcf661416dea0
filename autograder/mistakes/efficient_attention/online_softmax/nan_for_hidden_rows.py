"""A row that begins with nothing but -inf becomes nan.

Its maximum is -inf, and -inf - (-inf) has no value. Subtract something finite where nothing has
been seen yet.
"""

from langmodels.efficient_attention import *


def online_softmax(blocks):
    blocks = iter(blocks)
    first = next(blocks)
    largest = first.amax(-1)
    total = (first - largest[..., None]).exp().sum(-1)
    for block in blocks:
        before = largest
        largest = torch.maximum(before, block.amax(-1))
        total = total * (before - largest).exp() + (block - largest[..., None]).exp().sum(-1)
    return largest, total
