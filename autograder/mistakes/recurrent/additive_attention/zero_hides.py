"""Hidden scores are set to 0.

e⁰ is 1, so that padding counts as much as a key that fits middling well. Only -inf has an
exponential of 0.
"""

from langmodels.recurrent import *


def additive_attention(query, keys, values, score, mask=None):
    scores = torch.tanh(query[:, None] + keys) @ score
    if mask is not None:
        scores = scores.masked_fill(~mask, 0.0)
    weights = scores.softmax(-1)
    return (weights[:, None] @ values)[:, 0], weights
