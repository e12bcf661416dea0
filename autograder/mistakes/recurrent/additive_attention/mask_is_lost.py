"""The mask is ignored.

Padding then has weight, and what a short source means depends on the length of the longest.
"""

from langmodels.recurrent import *


def additive_attention(query, keys, values, score, mask=None):
    scores = torch.tanh(query[:, None] + keys) @ score
    weights = scores.softmax(-1)
    return (weights[:, None] @ values)[:, 0], weights
