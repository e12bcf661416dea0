"""The maximum starts at 0.

Where all scores of a query are very negative, exp(score - 0) is 0 for all of them, and nothing is
left of its output.

See: efficient-attention#eq-online
"""

from langmodels.efficient_attention import *
from langmodels.efficient_attention import _tiles


def tiled_attention(query, key, value, *, causal=False, scale=None, block=128):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    out = query.new_zeros(*query.shape[:-1], value.shape[-1])
    log_total = query.new_full(query.shape[:-1], -torch.inf)
    for rows, tiles in _tiles(query, key, block, causal):
        q = query[..., rows, :] * scale
        mean = torch.zeros_like(out[..., rows, :])
        largest = torch.zeros_like(log_total[..., rows])
        total = torch.zeros_like(largest)
        for columns, hidden in tiles:
            scores = q @ key[..., columns, :].mT
            if hidden is not None:
                scores = scores.masked_fill(hidden, -torch.inf)
            before = largest
            largest = torch.maximum(before, scores.amax(-1))
            anchor = largest.masked_fill(largest == -torch.inf, 0.0)
            weights = (scores - anchor[..., None]).exp()
            shrink = (before - anchor).exp()
            total = total * shrink + weights.sum(-1)
            mean = mean * shrink[..., None] + weights @ value[..., columns, :]
        out[..., rows, :] = mean / total.masked_fill(total == 0, 1.0)[..., None]
        log_total[..., rows] = largest + total.log()
    return out, log_total
