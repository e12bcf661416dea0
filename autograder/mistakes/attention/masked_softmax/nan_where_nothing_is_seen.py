"""A row that sees nothing becomes nan.

A softmax over nothing is 0/0. Such rows exist: a query in the padding, or a window outside the
document. Their nan spreads through the next layer to the whole row of the batch.

See: attention-at-work#nothing-to-see
"""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    if mask is not None and mask.dtype == torch.bool:
        scores = scores.masked_fill(~mask, -torch.inf)
    elif mask is not None:
        scores = scores + mask
    return scores.softmax(-1)
