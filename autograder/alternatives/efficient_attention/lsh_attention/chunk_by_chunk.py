"""A loop over chunks, and results put where they belong with scatter."""

from langmodels.efficient_attention import *


def lsh_attention(query, value, buckets, chunk, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    width, length = value.shape[-1], query.shape[-2]
    order = torch.sort(buckets, dim=-1, stable=True).indices
    keys = query / query.norm(dim=-1, keepdim=True)
    out = torch.zeros_like(value)

    def take(x, places):
        return x.gather(-2, places.unsqueeze(-1).expand(*places.shape, x.shape[-1]))

    for start in range(0, length, chunk):
        mine = order[..., start : start + chunk]
        others = order[..., max(0, start - chunk) : start + chunk]
        same = buckets.gather(-1, mine).unsqueeze(-1) == buckets.gather(-1, others).unsqueeze(-2)
        seen = same & (others.unsqueeze(-2) < mine.unsqueeze(-1))
        alone = ~seen.any(dim=-1, keepdim=True)
        seen = torch.where(alone, others.unsqueeze(-2) == mine.unsqueeze(-1), seen)
        scores = torch.einsum("...tk,...sk->...ts", take(query, mine), take(keys, others)) * scale
        weights = scores.masked_fill(~seen, float("-inf")).softmax(dim=-1)
        to = mine.unsqueeze(-1).expand(*mine.shape, width)
        out = out.scatter(-2, to, weights @ take(value, others))
    return out
