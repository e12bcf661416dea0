"""`expand` and then `@`: no copy is to be seen, and one is made all the same.

An expanded tensor takes no room, but a batched matrix product wants its matrices side by side in
memory, so `matmul` copies them without a word.
"""

from langmodels.efficient_attention import *


def grouped_query_attention(query, key, value, mask=None, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    n_groups = key.shape[1]
    apart = (query * scale).unflatten(1, (n_groups, -1))
    shared = apart.shape[2]
    keys = key[:, :, None].expand(-1, -1, shared, -1, -1)
    values = value[:, :, None].expand(-1, -1, shared, -1, -1)
    weights = masked_softmax((apart @ keys.mT).flatten(1, 2), mask)
    return (weights.unflatten(1, (n_groups, shared)) @ values).flatten(1, 2)
