"""Its own softmax, with the hidden keys taken out of the sum."""

from langmodels.efficient_attention import *


def grouped_query_attention(query, key, value, mask=None, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    outs = []
    for group, q in enumerate(query.split(query.shape[1] // key.shape[1], dim=1)):
        heads = slice(group * q.shape[1], (group + 1) * q.shape[1])
        k, v = key[:, group], value[:, group]
        scores = (q.flatten(1, 2) @ k.mT).unflatten(1, q.shape[1:3]) * scale
        if mask is not None:
            own = mask if mask.shape[1] == 1 else mask[:, heads]
            zero = torch.zeros((), dtype=q.dtype)
            added = zero.where(own, -torch.inf) if own.dtype == torch.bool else own
            scores = scores + added
        if scores.shape[-1] == 0:
            outs.append(q.new_zeros(*q.shape[:3], v.shape[-1]))
            continue
        top = scores.amax(-1, keepdim=True).detach()
        weights = (scores - top.where(top > -torch.inf, 0.0)).exp()
        total = weights.sum(-1, keepdim=True)
        out = (weights.flatten(1, 2) @ v).unflatten(1, q.shape[1:3])
        outs.append(out / total.where(total > 0, 1.0))
    return torch.cat(outs, dim=1)
