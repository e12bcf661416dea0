"""The maximum of the whole tensor is taken from every score.

Each row needs its own. In a row whose scores are all far below those of another, every exponential
becomes zero, and nothing is left to divide by.

See: attention#huge-logits
"""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    if mask is not None and mask.dtype == torch.bool:
        scores = scores.masked_fill(~mask, -torch.inf)
    elif mask is not None:
        scores = scores + mask
    if scores.numel() == 0:
        return scores
    largest = scores.max()
    sizes = (scores - largest.masked_fill(largest == -torch.inf, 0.0)).exp()
    total = sizes.sum(-1, keepdim=True)
    return sizes / total.masked_fill(total == 0, 1.0)
