"""The zeros put before the text are seen as keys.

A key of zeros has a score of 0, which is not nothing: it takes weight from the real ones. Hide the
positions that do not exist.
"""

from langmodels.efficient_attention import *


def sliding_window_attention(query, key, value, window, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    length = query.shape[-2]
    keys = torch.nn.functional.pad(key, (0, 0, window - 1, 0))
    values = torch.nn.functional.pad(value, (0, 0, window - 1, 0))
    outs = [value[..., :0, :]]
    for start in range(0, length, window):
        q = query[..., start : start + window, :]
        near = slice(start, start + q.shape[-2] + window - 1)
        ahead = torch.arange(near.stop - near.start) - torch.arange(q.shape[-2])[:, None]
        scores = q * scale @ keys[..., near, :].mT
        outs.append(masked_softmax(scores, (ahead >= 0) & (ahead < window)) @ values[..., near, :])
    return torch.cat(outs, dim=-2)
