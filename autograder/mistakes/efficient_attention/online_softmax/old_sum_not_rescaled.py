"""The sum so far is not corrected when a larger score comes.

What was summed up was exp(score - old maximum). As soon as the maximum is another one, all of it
is too large by the same factor.

See: efficient-attention#eq-online
"""

from langmodels.efficient_attention import *


def online_softmax(blocks):
    blocks = iter(blocks)
    first = next(blocks)
    largest = first.amax(-1)
    total = (first - largest[..., None].clamp(min=-1e30)).exp().sum(-1)
    for block in blocks:
        largest = torch.maximum(largest, block.amax(-1))
        total = total + (block - largest[..., None].clamp(min=-1e30)).exp().sum(-1)
    return largest, total
