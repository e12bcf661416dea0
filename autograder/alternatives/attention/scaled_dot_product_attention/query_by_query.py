"""Right: one query after the other, each with its own row of the mask."""

from langmodels.attention import *


def scaled_dot_product_attention(query, key, value, mask=None, *, scale=None):
    check_inputs(query, key, value, mask)
    rows = []
    for t in range(query.shape[-2]):
        own = None if mask is None else mask[..., t : t + 1, :]
        weights = attention_weights(query[..., t : t + 1, :], key, mask=own, scale=scale)
        rows.append((weights.mT * value).sum(-2, keepdim=True))
    empty = value.new_zeros(*query.shape[:-1], value.shape[-1])
    return torch.cat(rows, dim=-2) if rows else empty
