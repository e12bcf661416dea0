"""Right: one column of scores for each key, and the scale shared between both sides."""

from langmodels.attention import *


def attention_weights(query, key, mask=None, *, scale=None):
    check_inputs(query, key, mask=mask)
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    half = abs(scale) ** 0.5
    query, key = query * (half if scale >= 0 else -half), key * half
    columns = [(query * key[..., s, None, :]).sum(-1) for s in range(key.shape[-2])]
    empty = query.new_zeros(*query.shape[:-1], 0)
    return masked_softmax(torch.stack(columns, dim=-1) if columns else empty, mask)
