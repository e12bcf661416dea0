"""The first FlashAttention's order: for each block of keys all blocks of queries."""

from langmodels.efficient_attention import *


def tiled_attention(query, key, value, *, causal=False, scale=None, block=128):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    n_queries, n_keys = query.shape[-2], key.shape[-2]
    mean = torch.zeros(*query.shape[:-1], value.shape[-1], dtype=query.dtype)
    largest = torch.full(query.shape[:-1], float("-inf"), dtype=query.dtype)
    total = torch.zeros_like(largest)
    for c in range(0, n_keys, block):
        k, v = key[..., c : c + block, :], value[..., c : c + block, :]
        for r in range(0, n_queries, block):
            here = slice(r, min(r + block, n_queries))
            place = torch.arange(r, here.stop)[:, None]
            place = place + n_keys - n_queries
            if causal and c > place[-1]:
                continue
            scores = torch.einsum("...tk,...sk->...ts", query[..., here, :], k) * scale
            if causal:
                seen = torch.arange(c, c + k.shape[-2]) <= place
                scores = torch.where(seen, scores, float("-inf"))
            top = torch.maximum(largest[..., here], scores.max(dim=-1).values)
            finite = torch.where(top.isinf(), 0.0, top)
            shrink = torch.exp(largest[..., here] - finite)
            weights = torch.exp(scores - finite.unsqueeze(-1))
            total[..., here] = total[..., here] * shrink + weights.sum(dim=-1)
            mean[..., here, :] = mean[..., here, :] * shrink.unsqueeze(-1) + weights @ v
            largest[..., here] = top
    out = torch.where((total > 0).unsqueeze(-1), mean / total.unsqueeze(-1), 0.0)
    return out, largest + total.log()
