"""Tiles that lie wholly in the future are computed, and then hidden.

They change nothing, and they are half of the work.
"""

from langmodels.efficient_attention import *
from langmodels.efficient_attention import _tiles


def tiled_attention(query, key, value, *, causal=False, scale=None, block=128):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    out = query.new_zeros(*query.shape[:-1], value.shape[-1])
    log_total = query.new_full(query.shape[:-1], -torch.inf)
    past = key.shape[-2] - query.shape[-2]
    for rows, tiles in _tiles(query, key, block, False):
        mean = torch.zeros_like(out[..., rows, :])
        largest, total = log_total[..., rows].clone(), torch.zeros_like(log_total[..., rows])
        for columns, _ in tiles:
            scores = query[..., rows, :] * scale @ key[..., columns, :].mT
            if causal:
                place = torch.arange(rows.start, rows.stop)[:, None] + past
                later = torch.arange(columns.start, columns.stop) > place
                scores = scores.masked_fill(later, -torch.inf)
            before, largest = largest, torch.maximum(largest, scores.amax(-1))
            anchor = largest.masked_fill(largest == -torch.inf, 0.0)
            weights, shrink = (scores - anchor[..., None]).exp(), (before - anchor).exp()
            total = total * shrink + weights.sum(-1)
            mean = mean * shrink[..., None] + weights @ value[..., columns, :]
        out[..., rows, :] = mean / total.masked_fill(total == 0, 1.0)[..., None]
        log_total[..., rows] = largest + total.log()
    return out, log_total
