"""A key's gradients are assigned in the place of added up.

Every block of queries that sees a key has something to say about it. Only what the last one said
is left.
"""

from langmodels.efficient_attention import *
from langmodels.efficient_attention import _tiles


def tiled_attention_backward(
    grad, query, key, value, out, log_total, *, causal=False, scale=None, block=128
):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    d_query, d_key, d_value = map(torch.zeros_like, (query, key, value))
    row_sum = (grad * out).sum(-1, keepdim=True)
    anchor = log_total.masked_fill(log_total == -torch.inf, 0.0)[..., None]
    for rows, tiles in _tiles(query, key, block, causal):
        q, g = query[..., rows, :] * scale, grad[..., rows, :]
        for columns, hidden in tiles:
            k, v = key[..., columns, :], value[..., columns, :]
            scores = q @ k.mT
            if hidden is not None:
                scores = scores.masked_fill(hidden, -torch.inf)
            weights = (scores - anchor[..., rows, :]).exp()
            d_value[..., columns, :] = weights.mT @ g
            d_scores = (g @ v.mT - row_sum[..., rows, :]) * weights
            d_key[..., columns, :] = d_scores.mT @ q
            d_query[..., rows, :] += d_scores @ k * scale
    return d_query, d_key, d_value
