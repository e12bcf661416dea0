"""The query's own position is hidden.

The window ends with the query's own position. Without it, a window of 1 would see nothing.
"""

from langmodels.efficient_attention import *


def sliding_window_attention(query, key, value, window, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    length = query.shape[-2]
    outs = [value[..., :0, :]]
    for start in range(0, length, window):
        stop = min(start + window, length)
        first = max(0, start - window)
        back = torch.arange(start, stop)[:, None] - torch.arange(first, stop)
        seen = (back > 0) & (back <= window)
        scores = query[..., start:stop, :] * scale @ key[..., first:stop, :].mT
        outs.append(masked_softmax(scores, seen) @ value[..., first:stop, :])
    return torch.cat(outs, dim=-2)
