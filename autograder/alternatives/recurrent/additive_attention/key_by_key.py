"""Right: key by key, in double precision."""

from langmodels.recurrent import *


def additive_attention(query, keys, values, score, mask=None):
    scores = [
        (torch.tanh(query.double() + key.double()) * score.double()).sum(-1)
        for key in keys.unbind(1)
    ]
    total = torch.stack(scores, dim=1)
    if mask is not None:
        total = total.masked_fill(~mask, -torch.inf)
    shares = (total - total.amax(1, keepdim=True).detach()).exp()
    weights = shares / shares.sum(1, keepdim=True)
    found = sum(
        weight[:, None] * value
        for weight, value in zip(weights.unbind(1), values.double().unbind(1), strict=True)
    )
    return found.to(values.dtype), weights.to(values.dtype)
