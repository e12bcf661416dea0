"""Hidden keys lose their weight after the softmax.

What is left does not sum to 1. Hidden scores are taken out before the softmax.
"""

from langmodels.recurrent import *


def additive_attention(query, keys, values, score, mask=None):
    scores = torch.tanh(query[:, None] + keys) @ score
    weights = scores.softmax(-1)
    if mask is not None:
        weights = weights * mask
    return (weights[:, None] @ values)[:, 0], weights
