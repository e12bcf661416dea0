"""The weights outside the window are set to zero after the softmax.

They have taken their share by then, and the weights that are left do not sum to 1. Hide scores,
not weights.
"""

from langmodels.efficient_attention import *


def sliding_window_attention(query, key, value, window, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    length = query.shape[-2]
    outs = [value[..., :0, :]]
    for start in range(0, length, window):
        stop = min(start + window, length)
        first = max(0, start - window + 1)
        back = torch.arange(start, stop)[:, None] - torch.arange(first, stop)
        seen = (back >= 0) & (back < window)
        scores = query[..., start:stop, :] * scale @ key[..., first:stop, :].mT
        outs.append((scores.softmax(-1) * seen) @ value[..., first:stop, :])
    return torch.cat(outs, dim=-2)
