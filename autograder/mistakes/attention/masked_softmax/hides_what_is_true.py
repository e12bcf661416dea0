"""A boolean mask hides where it is True.

In this course True is where a query may attend. masked_fill fills where its argument is True, so
the mask has to be turned round first.
"""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    if mask is not None and mask.dtype == torch.bool:
        scores = scores.masked_fill(mask, -torch.inf)
    elif mask is not None:
        scores = scores + mask
    blind = (scores == -torch.inf).all(-1, keepdim=True)
    return scores.masked_fill(blind, 0.0).softmax(-1).masked_fill(blind, 0.0)
