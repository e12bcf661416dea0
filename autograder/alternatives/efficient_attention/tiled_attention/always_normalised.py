"""The output so far is always a mean, and a new tile's mean is mixed in by its weight."""

from langmodels.efficient_attention import *
from langmodels.efficient_attention import _tiles


def tiled_attention(query, key, value, *, causal=False, scale=None, block=128):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    outs = [query.new_zeros(*query.shape[:-2], 0, value.shape[-1]).double()]
    totals = [query.new_zeros(*query.shape[:-2], 0).double()]
    for rows, tiles in _tiles(query, key, block, causal):
        q = query[..., rows, :].double()
        out = q.new_zeros(*q.shape[:-1], value.shape[-1])
        log_total = q.new_full(q.shape[:-1], -torch.inf)
        for columns, hidden in tiles:
            scores = scale * (q @ key[..., columns, :].double().mT)
            seen = torch.ones(scores.shape[-2:]) > 0 if hidden is None else ~hidden
            tile_total = scores.masked_fill(~seen, -torch.inf).logsumexp(-1)
            tile_out = masked_softmax(scores, seen) @ value[..., columns, :].double()
            both = torch.logaddexp(log_total, tile_total)
            share = (tile_total - both).exp().nan_to_num(0.0)[..., None]
            out = out + share * (tile_out - out)
            log_total = both
        outs.append(out)
        totals.append(log_total)
    return torch.cat(outs, dim=-2).to(query.dtype), torch.cat(totals, dim=-1).to(query.dtype)
