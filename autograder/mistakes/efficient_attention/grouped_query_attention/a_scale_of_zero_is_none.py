"""`scale or …` takes a scale of 0 for none at all.

Zero is a number like others; only None means that there is no scale.
"""

from langmodels.efficient_attention import *


def grouped_query_attention(query, key, value, mask=None, *, scale=None):
    scale = scale or query.shape[-1] ** -0.5
    parts = (query * scale).chunk(key.shape[1], dim=1)
    scores = torch.cat([q @ key[:, g : g + 1].mT for g, q in enumerate(parts)], dim=1)
    parts = masked_softmax(scores, mask).chunk(key.shape[1], dim=1)
    return torch.cat([w @ value[:, g : g + 1] for g, w in enumerate(parts)], dim=1)
