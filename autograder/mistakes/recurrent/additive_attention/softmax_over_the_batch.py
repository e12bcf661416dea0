"""The softmax goes over the batch.

Rows of a batch are different texts. The weights of each sum to 1 over its own keys.
"""

from langmodels.recurrent import *


def additive_attention(query, keys, values, score, mask=None):
    scores = torch.tanh(query[:, None] + keys) @ score
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    weights = scores.softmax(0)
    return (weights[:, None] @ values)[:, 0], weights
