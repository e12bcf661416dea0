"""The mask is written into the scores that were given.

masked_fill_ with an underscore changes its tensor. Whoever made the scores may need them again, to
plot them for instance, and autograd refuses where it needs them for the gradient.
"""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    if mask is not None and mask.dtype == torch.bool:
        scores.masked_fill_(~mask, -torch.inf)
    elif mask is not None:
        scores += mask
    blind = (scores == -torch.inf).all(-1, keepdim=True)
    return scores.masked_fill(blind, 0.0).softmax(-1).masked_fill(blind, 0.0)
