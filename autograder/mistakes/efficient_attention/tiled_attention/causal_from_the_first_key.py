"""The first query is placed at the first key.

With fewer queries than keys the queries are the newest tokens: the last query stands at the last
key, and sees all of them.
"""

from langmodels.efficient_attention import *


def tiled_attention(query, key, value, *, causal=False, scale=None, block=128):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    outs, totals = [query.new_zeros(*query.shape[:-2], 0, value.shape[-1])], [query[..., :0, 0]]
    for start in range(0, query.shape[-2], block):
        q = query[..., start : start + block, :] * scale
        largest = q.new_full(q.shape[:-1], -torch.inf)
        total, mean = torch.zeros_like(largest), q.new_zeros(*q.shape[:-1], value.shape[-1])
        for first in range(0, key.shape[-2], block):
            if causal and first > start + block - 1:
                break
            k, v = key[..., first : first + block, :], value[..., first : first + block, :]
            scores = q @ k.mT
            if causal:
                rows = torch.arange(start, start + scores.shape[-2])[:, None]
                columns = torch.arange(first, first + scores.shape[-1])
                scores = scores.masked_fill(columns > rows, -torch.inf)
            before, largest = largest, torch.maximum(largest, scores.amax(-1))
            anchor = largest.masked_fill(largest == -torch.inf, 0.0)
            weights, shrink = (scores - anchor[..., None]).exp(), (before - anchor).exp()
            total = total * shrink + weights.sum(-1)
            mean = mean * shrink[..., None] + weights @ v
        outs.append(mean / total.masked_fill(total == 0, 1.0)[..., None])
        totals.append(largest + total.log())
    return torch.cat(outs, dim=-2), torch.cat(totals, dim=-1)
