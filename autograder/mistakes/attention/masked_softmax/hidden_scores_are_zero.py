"""Hidden scores are set to 0 instead of -inf.

e to the power of 0 is 1: a score of 0 is an ordinary one, and often not the smallest. Only -inf
gives a weight of exactly zero.
"""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    if mask is not None and mask.dtype == torch.bool:
        return scores.masked_fill(~mask, 0.0).softmax(-1).masked_fill(~mask.any(-1, True), 0.0)
    if mask is not None:
        scores = scores + mask
    blind = (scores == -torch.inf).all(-1, keepdim=True)
    return scores.masked_fill(blind, 0.0).softmax(-1).masked_fill(blind, 0.0)
