"""It sums up exp(score), and divides by exp(maximum) at the end.

The maximum is there so that no exponential is ever larger than 1. Subtracted afterwards it cannot
help any more: e to the power of 10 000 is inf already.
"""

from langmodels.efficient_attention import *


def online_softmax(blocks):
    blocks = iter(blocks)
    first = next(blocks)
    largest, total = first.amax(-1), first.exp().sum(-1)
    for block in blocks:
        largest = torch.maximum(largest, block.amax(-1))
        total = total + block.exp().sum(-1)
    return largest, torch.where(total > 0, total * (-largest).exp(), total)
