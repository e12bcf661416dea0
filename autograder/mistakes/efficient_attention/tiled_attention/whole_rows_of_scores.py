"""Only the queries are cut into blocks; each block sees all keys at once.

The memory then grows with block · S. It is the online softmax that lets the keys be cut, too.
"""

from langmodels.efficient_attention import *
from langmodels.efficient_attention import _tiles


def tiled_attention(query, key, value, *, causal=False, scale=None, block=128):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    out = query.new_zeros(*query.shape[:-1], value.shape[-1])
    log_total = query.new_full(query.shape[:-1], -torch.inf)
    for rows, tiles in _tiles(query, key, block, causal):
        end = tiles[-1].columns.stop if tiles else 0
        scores = query[..., rows, :] * scale @ key[..., :end, :].mT
        seen = torch.ones(scores.shape[-2:], dtype=torch.bool)
        if causal:
            seen = seen.tril(rows.start + key.shape[-2] - query.shape[-2])
        out[..., rows, :] = masked_softmax(scores, seen) @ value[..., :end, :]
        log_total[..., rows] = scores.masked_fill(~seen, -torch.inf).logsumexp(-1)
    return out, log_total
