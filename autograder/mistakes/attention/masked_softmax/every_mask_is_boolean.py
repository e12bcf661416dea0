"""A mask of numbers is read as True where it is not zero.

Numbers are added to the scores: 0 changes nothing, -inf hides, and what is between favours some
keys over others. Read as truth, -inf would show what it hides.
"""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    if mask is not None:
        scores = scores.masked_fill(~mask.bool(), -torch.inf)
    blind = (scores == -torch.inf).all(-1, keepdim=True)
    return scores.masked_fill(blind, 0.0).softmax(-1).masked_fill(blind, 0.0)
