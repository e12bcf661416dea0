"""The window reaches into the future as well.

It is one-sided: a model that writes from left to right has no keys to its right yet.
"""

from langmodels.efficient_attention import *


def sliding_window_attention(query, key, value, window, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    length = query.shape[-2]
    outs = [value[..., :0, :]]
    for start in range(0, length, window):
        stop = min(start + window, length)
        near = slice(max(0, start - window + 1), min(stop + window - 1, length))
        back = torch.arange(start, stop)[:, None] - torch.arange(near.start, near.stop)
        scores = query[..., start:stop, :] * scale @ key[..., near, :].mT
        outs.append(masked_softmax(scores, back.abs() < window) @ value[..., near, :])
    return torch.cat(outs, dim=-2)
