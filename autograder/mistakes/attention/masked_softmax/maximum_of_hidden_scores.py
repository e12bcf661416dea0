"""The maximum that is taken from a row is found before the mask is applied.

Where a hidden score is far above those that are seen, all that are seen underflow to zero. Mask
first, then look for the maximum.
"""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    if mask is None:
        return scores.softmax(-1)
    seen = mask if mask.dtype == torch.bool else mask > -torch.inf
    if mask.dtype != torch.bool:
        scores = scores + mask.masked_fill(~seen, 0.0)
    if scores.numel() == 0:
        return scores
    sizes = (scores - scores.amax(-1, keepdim=True)).exp() * seen
    total = sizes.sum(-1, keepdim=True)
    return sizes / total.masked_fill(total == 0, 1.0)
