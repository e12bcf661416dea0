"""True hides.

In this course True says that something is real or may be seen.
"""

from langmodels.recurrent import *


def additive_attention(query, keys, values, score, mask=None):
    scores = torch.tanh(query[:, None] + keys) @ score
    if mask is not None:
        scores = scores.masked_fill(mask, -torch.inf)
    weights = scores.softmax(-1)
    return (weights[:, None] @ values)[:, 0], weights
