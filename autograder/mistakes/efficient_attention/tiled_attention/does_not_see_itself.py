"""The mask of a tile hides the diagonal: a query does not see its own position.

Nobody sees the future, but the present may be seen: hide a key if its position is larger, not if
it is equal.
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
        largest = torch.full_like(log_total[..., rows], -torch.inf)
        total = torch.zeros_like(largest)
        for columns, hidden in tiles:
            scores = q @ key[..., columns, :].mT
            if causal:
                past = key.shape[-2] - query.shape[-2]
                place = torch.arange(key.shape[-2] + query.shape[-2])
                hidden = place[columns] >= place[rows, None] + past
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
