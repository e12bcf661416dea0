"""Hidden scores are set to -1e9, which is not below every score.

Where the scores that are seen are smaller still, the hidden ones win. -inf, or the least number of
the dtype, is below them all.
"""

from langmodels.attention import *


def masked_softmax(scores, mask=None):
    if mask is None:
        return scores.softmax(-1)
    seen = mask if mask.dtype == torch.bool else mask > -torch.inf
    if mask.dtype != torch.bool:
        scores = scores + mask.masked_fill(~seen, 0.0)
    blind = ~seen.any(-1, keepdim=True)
    return scores.masked_fill(~seen, -1e9).softmax(-1).masked_fill(blind, 0.0)
