"""The heads of a group are joined with the queries by `reshape` in the wrong order of axes.

`reshape` reads the numbers as they lie in memory. With heads behind queries it takes query 2 of
head 1 for query 1 of head 2.
"""

from langmodels.efficient_attention import *


def grouped_query_attention(query, key, value, mask=None, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    (n_batch, n_heads, n_queries, width), n_groups = query.shape, key.shape[1]
    together = (query * scale).transpose(1, 2).reshape(n_batch, n_groups, -1, width)
    scores = (together @ key.mT).reshape(n_batch, n_heads, n_queries, key.shape[2])
    weights = masked_softmax(scores, mask).flatten(1, 2).unflatten(1, (n_groups, -1))
    return (weights @ value).reshape(n_batch, n_heads, n_queries, value.shape[-1])
