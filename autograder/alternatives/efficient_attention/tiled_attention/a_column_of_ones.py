"""One more value, always 1, adds up the sums along with the outputs."""

import math

from langmodels.efficient_attention import *


def tiled_attention(query, key, value, *, causal=False, scale=None, block=128):
    if scale is None:
        scale = 1 / math.sqrt(query.shape[-1])
    n_queries, n_keys = query.shape[-2], key.shape[-2]
    sums = query.new_zeros(*query.shape[:-1], value.shape[-1] + 1)
    largest = query.new_full(query.shape[:-1], -math.inf)
    for start in range(0, n_queries, block):
        stop = min(start + block, n_queries)
        q, own, top = query[..., start:stop, :], sums[..., start:stop, :], largest[..., start:stop]
        for first in range(0, n_keys, block):
            last = min(first + block, n_keys)
            if causal and first - (n_keys - n_queries) >= stop:
                continue
            v = value[..., first:last, :]
            v = torch.cat([v, torch.ones_like(v[..., :1])], dim=-1)
            scores = torch.matmul(q, key[..., first:last, :].transpose(-1, -2)).mul(scale)
            if causal:
                seen = torch.ones(n_queries, 1, dtype=torch.bool)[start:stop]
                seen = seen.expand(-1, last - first).tril(start + n_keys - n_queries - first)
                scores = scores + torch.zeros_like(scores).masked_fill(~seen, -math.inf)
            new = torch.maximum(top, scores.amax(dim=-1))
            finite = new.nan_to_num(neginf=0.0)
            weights = torch.exp(scores - finite[..., None])
            own.copy_(own * torch.exp(top - finite)[..., None] + weights @ v)
            top.copy_(new)
    total = sums[..., -1:]
    out = sums[..., :-1] / torch.where(total == 0, torch.ones_like(total), total)
    return out, largest + total[..., 0].log()
