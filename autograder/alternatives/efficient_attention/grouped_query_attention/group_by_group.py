"""Goes from one head of keys to the next."""

from langmodels.efficient_attention import *


def grouped_query_attention(query, key, value, mask=None, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    n_batch, n_heads = query.shape[:2]
    shared = n_heads // key.shape[1]
    outs = []
    for head in range(n_heads):
        group = head // shared
        scores = torch.bmm(query[:, head] * scale, key[:, group].transpose(1, 2))
        own = mask
        if mask is not None:
            own = mask.expand(n_batch, n_heads, -1, -1)[:, head]
        outs.append(torch.bmm(masked_softmax(scores, own), value[:, group]))
    return torch.stack(outs, dim=1)
