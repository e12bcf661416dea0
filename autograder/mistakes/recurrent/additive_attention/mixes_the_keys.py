"""The keys are mixed instead of the values.

A key is what a position is found by, a value is what it says; their widths differ.
"""

from langmodels.recurrent import *


def additive_attention(query, keys, values, score, mask=None):
    scores = torch.tanh(query[:, None] + keys) @ score
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    weights = scores.softmax(-1)
    return (weights[:, None] @ keys)[:, 0], weights
