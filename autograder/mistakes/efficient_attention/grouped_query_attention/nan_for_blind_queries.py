"""A plain softmax: a query that may see nothing gets nan.

The softmax of nothing but -inf is 0/0. `masked_softmax` gives zeros there.
"""

from langmodels.efficient_attention import *


def grouped_query_attention(query, key, value, mask=None, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    n_groups, shared = key.shape[1], query.shape[1] // key.shape[1]
    apart = (query * scale).unflatten(1, (n_groups, shared))
    scores = torch.einsum("bghtk,bgsk->bghts", apart, key).flatten(1, 2)
    if mask is not None and mask.dtype == torch.bool:
        scores = scores.masked_fill(~mask, -torch.inf)
    elif mask is not None:
        scores = scores + mask
    weights = scores.softmax(-1).unflatten(1, (n_groups, shared))
    return torch.einsum("bghts,bgsv->bghtv", weights, value).flatten(1, 2)
