"""The row sum of P ∘ dP is taken over the tile.

It goes over the whole row, all tiles of it. It need not be collected: it equals the row sum of the
output and its gradient, which is known from the beginning.
"""

from langmodels.efficient_attention import *
from langmodels.efficient_attention import _tiles


def tiled_attention_backward(
    grad, query, key, value, out, log_total, *, causal=False, scale=None, block=128
):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    d_query, d_key, d_value = map(torch.zeros_like, (query, key, value))
    anchor = log_total.masked_fill(log_total == -torch.inf, 0.0)[..., None]
    for rows, tiles in _tiles(query, key, block, causal):
        q, g = query[..., rows, :] * scale, grad[..., rows, :]
        for columns, hidden in tiles:
            k, v = key[..., columns, :], value[..., columns, :]
            scores = q @ k.mT
            if hidden is not None:
                scores = scores.masked_fill(hidden, -torch.inf)
            weights = (scores - anchor[..., rows, :]).exp()
            d_value[..., columns, :] += weights.mT @ g
            d_weights = g @ v.mT
            row_sum = (weights * d_weights).sum(-1, keepdim=True)
            d_scores = (d_weights - row_sum) * weights
            d_key[..., columns, :] += d_scores.mT @ q
            d_query[..., rows, :] += d_scores @ k * scale
    return d_query, d_key, d_value
