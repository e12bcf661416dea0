"""The text is cut into blocks of `window`, and each sees only its own block.

The first query of a block then sees one position in the place of `window`. What it may see begins
in the block before.
"""

from langmodels.efficient_attention import *


def sliding_window_attention(query, key, value, window, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    length = query.shape[-2]
    outs = [value[..., :0, :]]
    for start in range(0, length, window):
        stop = min(start + window, length)
        first = start
        back = torch.arange(start, stop)[:, None] - torch.arange(first, stop)
        seen = (back >= 0) & (back < window)
        scores = query[..., start:stop, :] * scale @ key[..., first:stop, :].mT
        outs.append(masked_softmax(scores, seen) @ value[..., first:stop, :])
    return torch.cat(outs, dim=-2)
