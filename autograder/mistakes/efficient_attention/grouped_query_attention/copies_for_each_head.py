"""Keys and values are repeated until every query head has its own.

The answer is right, but the copies take H / G times the room, and shared heads are there to save
it. Let the query heads of a group be more queries of one head.
"""

from langmodels.efficient_attention import *


def grouped_query_attention(query, key, value, mask=None, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    shared = query.shape[1] // key.shape[1]
    key = key.repeat_interleave(shared, dim=1)
    value = value.repeat_interleave(shared, dim=1)
    return masked_softmax(query * scale @ key.mT, mask) @ value
