"""Five letters for the axes, and the mask cut into groups as well."""

from langmodels.efficient_attention import *


def grouped_query_attention(query, key, value, mask=None, *, scale=None):
    if scale is None:
        scale = 1 / query.shape[-1] ** 0.5
    groups = key.shape[1], query.shape[1] // key.shape[1]
    scores = torch.einsum("bghtk,bgsk->bghts", query.unflatten(1, groups), key) * scale
    if mask is not None:
        mask = mask.expand(-1, query.shape[1], -1, -1).unflatten(1, groups)
    out = torch.einsum("bghts,bgsv->bghtv", masked_softmax(scores, mask), value)
    return out.reshape(*query.shape[:3], value.shape[-1])
