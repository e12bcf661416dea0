"""All T × S scores are computed first, and then cut into tiles.

The answer is right, but the matrix that tiles were to avoid has been there. Compute a tile's
scores when its turn comes, and forget them afterwards.
"""

from langmodels.efficient_attention import *
from langmodels.efficient_attention import _tiles


def tiled_attention(query, key, value, *, causal=False, scale=None, block=128):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    all_scores = query * scale @ key.mT
    out = query.new_zeros(*query.shape[:-1], value.shape[-1])
    log_total = query.new_full(query.shape[:-1], -torch.inf)
    for rows, tiles in _tiles(query, key, block, causal):
        mean = torch.zeros_like(out[..., rows, :])
        largest, total = log_total[..., rows].clone(), torch.zeros_like(log_total[..., rows])
        for columns, hidden in tiles:
            scores = all_scores[..., rows, columns]
            if hidden is not None:
                scores = scores.masked_fill(hidden, -torch.inf)
            before, largest = largest, torch.maximum(largest, scores.amax(-1))
            anchor = largest.masked_fill(largest == -torch.inf, 0.0)
            weights, shrink = (scores - anchor[..., None]).exp(), (before - anchor).exp()
            total = total * shrink + weights.sum(-1)
            mean = mean * shrink[..., None] + weights @ value[..., columns, :]
        out[..., rows, :] = mean / total.masked_fill(total == 0, 1.0)[..., None]
        log_total[..., rows] = largest + total.log()
    return out, log_total
