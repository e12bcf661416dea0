"""Everything in float64 on the inside, transposed: keys above, queries beside."""

from langmodels.efficient_attention import *
from langmodels.efficient_attention import _tiles


def tiled_attention_backward(
    grad, query, key, value, out, log_total, *, causal=False, scale=None, block=128
):
    dtype = query.dtype
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    inputs = grad, query, key, value, out, log_total
    grad, query, key, value, out, log_total = (x.to(torch.float64) for x in inputs)
    found = [torch.zeros_like(x) for x in (query, key, value)]
    for rows, tiles in _tiles(query, key, block, causal):
        q, g = query[..., rows, :], grad[..., rows, :]
        total = log_total[..., None, rows]
        sees = total > -torch.inf
        row_sum = (g * out[..., rows, :]).sum(-1)[..., None, :]
        for columns, hidden in tiles:
            k, v = key[..., columns, :], value[..., columns, :]
            seen = sees if hidden is None else sees & ~hidden.mT
            weights = torch.where(seen, (k @ q.mT * scale - total).exp(), 0.0)
            d_scores = scale * (v @ g.mT - row_sum) * weights
            for d, part, to in zip(
                found,
                (d_scores.mT @ k, d_scores @ q, weights @ g),
                (rows, columns, columns),
                strict=True,
            ):
                d[..., to, :] += part
    return tuple(d.to(dtype) for d in found)
