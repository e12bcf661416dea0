"""Query head h goes to the keys of head h % G.

Neighbours share keys: the first H / G query heads those of head 0, and so on. Checkpoints are
stored like that, so another order gives each query the wrong keys.
"""

from langmodels.efficient_attention import *


def grouped_query_attention(query, key, value, mask=None, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    groups = query.shape[1] // key.shape[1], key.shape[1]
    apart = query.unflatten(1, groups) * scale
    scores = torch.einsum("bhgtk,bgsk->bhgts", apart, key).flatten(1, 2)
    weights = masked_softmax(scores, mask).unflatten(1, groups)
    return torch.einsum("bhgts,bgsv->bhgtv", weights, value).flatten(1, 2)
