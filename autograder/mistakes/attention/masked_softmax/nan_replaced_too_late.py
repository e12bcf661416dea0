"""The nan of rows that see nothing is replaced in the result, but stays in the gradients.

nan_to_num makes the output right. On the way back the softmax multiplies by its own output, which
is nan, and nan times zero is nan. Such rows must be made harmless before the softmax.

See: attention-at-work#nothing-to-see
"""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    if mask is not None and mask.dtype == torch.bool:
        scores = scores.masked_fill(~mask, -torch.inf)
    elif mask is not None:
        scores = scores + mask
    return scores.softmax(-1).nan_to_num(0.0)
