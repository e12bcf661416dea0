"""Each block of queries goes through all its tiles once more to find out what to divide by.

`log_total` says it: it was kept on the way there so that nobody has to compute the scores twice.
"""

from langmodels.efficient_attention import *
from langmodels.efficient_attention import _tiles


def tiled_attention_backward(
    grad, query, key, value, out, log_total, *, causal=False, scale=None, block=128
):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    d_query, d_key, d_value = map(torch.zeros_like, (query, key, value))
    row_sum = (grad * out).sum(-1, keepdim=True)
    for rows, tiles in _tiles(query, key, block, causal):
        q, g = query[..., rows, :] * scale, grad[..., rows, :]

        def scores_of(tile, q=q):
            columns, hidden = tile
            scores = q @ key[..., columns, :].mT
            return scores if hidden is None else scores.masked_fill(hidden, -torch.inf)

        total = log_total.new_full(q.shape[:-1], -torch.inf)
        for tile in tiles:
            total = torch.logaddexp(total, scores_of(tile).logsumexp(-1))
        anchor = total.masked_fill(total == -torch.inf, 0.0)[..., None]
        for tile in tiles:
            k, v = key[..., tile.columns, :], value[..., tile.columns, :]
            weights = (scores_of(tile) - anchor).exp()
            d_value[..., tile.columns, :] += weights.mT @ g
            d_scores = (g @ v.mT - row_sum[..., rows, :]) * weights
            d_key[..., tile.columns, :] += d_scores.mT @ q
            d_query[..., rows, :] += d_scores @ k * scale
    return d_query, d_key, d_value
