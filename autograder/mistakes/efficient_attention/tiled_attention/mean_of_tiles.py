"""Each tile is normalised by itself, and the tiles' outputs are averaged.

A tile with large scores deserves more of the output than one with small ones. Add up what is not
normalised, and divide once at the end.
"""

from langmodels.efficient_attention import *
from langmodels.efficient_attention import _tiles


def tiled_attention(query, key, value, *, causal=False, scale=None, block=128):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    out = query.new_zeros(*query.shape[:-1], value.shape[-1])
    log_total = query.new_full(query.shape[:-1], -torch.inf)
    for rows, tiles in _tiles(query, key, block, causal):
        for columns, hidden in tiles:
            scores = query[..., rows, :] * scale @ key[..., columns, :].mT
            mask = None if hidden is None else ~hidden
            out[..., rows, :] += masked_softmax(scores, mask) @ value[..., columns, :] / len(tiles)
            if hidden is not None:
                scores = scores.masked_fill(hidden, -torch.inf)
            log_total[..., rows] = torch.logaddexp(log_total[..., rows], scores.logsumexp(-1))
    return out, log_total
