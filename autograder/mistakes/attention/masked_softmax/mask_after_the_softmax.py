"""The hidden weights are set to zero after the softmax.

The keys that are seen then share what the hidden ones left over, and rows sum to less than 1.
Worse, the hidden scores are still in the denominator: the future leaks through it.
"""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    if mask is not None and mask.dtype == torch.bool:
        return scores.softmax(-1).masked_fill(~mask, 0.0)
    if mask is not None:
        scores = scores + mask
    blind = (scores == -torch.inf).all(-1, keepdim=True)
    return scores.masked_fill(blind, 0.0).softmax(-1).masked_fill(blind, 0.0)
