"""The heads of keys are averaged to one, as if there were a single group.

That turns it into multi-query attention. With G heads of keys there are G different ones.
"""

from langmodels.efficient_attention import *


def grouped_query_attention(query, key, value, mask=None, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    key, value = key.mean(1, keepdim=True), value.mean(1, keepdim=True)
    return masked_softmax(query * scale @ key.mT, mask) @ value
