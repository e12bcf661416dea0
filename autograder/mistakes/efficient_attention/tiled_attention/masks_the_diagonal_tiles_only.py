"""Only tiles with the same number of row and column get a mask.

That is right where the tiles' corners lie on the diagonal. With T ≠ S, or where the blocks do not
fit, the diagonal runs through other tiles as well. Compare positions, not the numbers of tiles.
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
        for columns, _hidden in tiles:
            scores = q @ key[..., columns, :].mT
            if causal and columns.start == rows.start:
                lower = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
                scores = scores.masked_fill(~lower, -torch.inf)
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
