"""All T × S weights are computed again at once.

The gradients are right, but the memory that was saved on the way there is spent on the way back.
Compute the weights tile by tile.
"""

from langmodels.efficient_attention import *


def tiled_attention_backward(
    grad, query, key, value, out, log_total, *, causal=False, scale=None, block=128
):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    scores = query * scale @ key.mT
    if causal:
        past = key.shape[-2] - query.shape[-2]
        seen = torch.ones(scores.shape[-2:], dtype=torch.bool).tril(past)
        scores = scores.masked_fill(~seen, -torch.inf)
    anchor = log_total.masked_fill(log_total == -torch.inf, 0.0)
    weights = (scores - anchor[..., None]).exp()
    d_scores = weights * (grad @ value.mT - (grad * out).sum(-1, keepdim=True))
    return d_scores @ key * scale, d_scores.mT @ query * scale, weights.mT @ grad
