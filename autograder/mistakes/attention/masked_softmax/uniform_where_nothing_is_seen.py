"""A row that sees nothing attends to everything alike.

With a large negative number in place of -inf all scores of such a row are equal, so the softmax
spreads evenly over keys that are all hidden. The row must be zeros.

See: attention-at-work#nothing-to-see
"""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    least = torch.finfo(scores.dtype).min
    if mask is not None and mask.dtype == torch.bool:
        scores = scores.masked_fill(~mask, least)
    elif mask is not None:
        scores = (scores + mask).clamp(min=least)
    return scores.softmax(-1)
