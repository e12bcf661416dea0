"""Hidden scores are set to a small number.

-10 is small only while the others are larger. Scores of thousands come, and the padding wins.
"""

from langmodels.recurrent import *


def additive_attention(query, keys, values, score, mask=None):
    scores = torch.tanh(query[:, None] + keys) @ score
    if mask is not None:
        scores = scores.masked_fill(~mask, -10.0)
    weights = scores.softmax(-1)
    return (weights[:, None] @ values)[:, 0], weights
