"""Only the best key's value comes back.

That choice has no gradient. A weighted mean has one, and that is why it can be learnt.
"""

from langmodels.recurrent import *


def additive_attention(query, keys, values, score, mask=None):
    scores = torch.tanh(query[:, None] + keys) @ score
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    weights = scores.softmax(-1)
    return values[torch.arange(len(values)), weights.argmax(-1)], weights
