"""The scores are divided by √D.

That is for products, whose variance grows with D. `score` is learnt and finds its own size.
"""

from langmodels.recurrent import *


def additive_attention(query, keys, values, score, mask=None):
    scores = torch.tanh(query[:, None] + keys) @ score / score.shape[0] ** 0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    weights = scores.softmax(-1)
    return (weights[:, None] @ values)[:, 0], weights
