"""-1e9 is added to hidden scores instead of replacing them.

The hidden score is still in the sum. A giant score stays on top, and in a row where everything is
hidden the same number is taken from all, which changes nothing at all.
"""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    if mask is not None and mask.dtype == torch.bool:
        mask = (~mask).to(scores.dtype) * -1e9
    if mask is not None:
        scores = scores + mask
    blind = (scores == -torch.inf).all(-1, keepdim=True)
    return scores.masked_fill(blind, 0.0).softmax(-1).masked_fill(blind, 0.0)
