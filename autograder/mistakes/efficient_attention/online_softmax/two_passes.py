"""It goes through the blocks twice: for the maximum, then for the sum.

That is how a softmax is computed when the scores are kept. Here they are made on the way, and when
they are asked for again there are none left.
"""

from langmodels.efficient_attention import *


def online_softmax(blocks):
    largest = None
    for block in blocks:
        own = block.amax(-1)
        largest = own if largest is None else torch.maximum(largest, own)
    anchor = largest.masked_fill(largest == -torch.inf, 0.0)
    total = torch.zeros_like(largest)
    for block in blocks:
        total = total + (block - anchor[..., None]).exp().sum(-1)
    return largest, total
