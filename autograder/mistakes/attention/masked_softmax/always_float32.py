"""The weights are float32, whatever dtype the scores have.

Computing in float32 does bfloat16 good, but the answer should have the dtype that came in: it is
multiplied by the values next, and torch refuses to multiply two dtypes.
"""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    scores = scores.float()
    if mask is not None and mask.dtype == torch.bool:
        scores = scores.masked_fill(~mask, -torch.inf)
    elif mask is not None:
        scores = scores + mask.float()
    blind = (scores == -torch.inf).all(-1, keepdim=True)
    return scores.masked_fill(blind, 0.0).softmax(-1).masked_fill(blind, 0.0)
