"""The softmax runs over the queries instead of the keys.

Each query shares out one unit of attention among the keys, so every row sums to 1. Over the other
axis each key shares itself out among the queries, and the future leaks in through the sums.
"""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    if mask is not None and mask.dtype == torch.bool:
        scores = scores.masked_fill(~mask, -torch.inf)
    elif mask is not None:
        scores = scores + mask
    blind = (scores == -torch.inf).all(-1, keepdim=True)
    return scores.masked_fill(blind, 0.0).softmax(-2).masked_fill(blind, 0.0)
