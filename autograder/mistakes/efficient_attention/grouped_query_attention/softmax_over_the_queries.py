"""The softmax goes over the queries.

Each query shares out its attention among the keys: the weights of a row, over the keys, sum to 1.
"""

from langmodels.efficient_attention import *


def grouped_query_attention(query, key, value, mask=None, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    shared = query.shape[1] // key.shape[1]
    key = key.repeat_interleave(shared, dim=1)
    value = value.repeat_interleave(shared, dim=1)
    scores = query * scale @ key.mT
    if mask is not None:
        mask = mask.mT
    return masked_softmax(scores.mT, mask).mT @ value
