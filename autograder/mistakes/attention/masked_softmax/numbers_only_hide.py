"""Of a mask of numbers only -inf counts; what else it holds is ignored.

Position biases, for one, are masks of numbers whose every entry matters: they are added to the
scores.
"""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    if mask is not None:
        seen = mask if mask.dtype == torch.bool else mask > -torch.inf
        scores = scores.masked_fill(~seen, -torch.inf)
    blind = (scores == -torch.inf).all(-1, keepdim=True)
    return scores.masked_fill(blind, 0.0).softmax(-1).masked_fill(blind, 0.0)
