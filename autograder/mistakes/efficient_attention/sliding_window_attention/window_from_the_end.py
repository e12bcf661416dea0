"""All queries see the last `window` positions of the text.

Those are the last ones for the last query. Every query has a window of its own, which ends with
its position.
"""

from langmodels.efficient_attention import *


def sliding_window_attention(query, key, value, window, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    last = slice(max(0, key.shape[-2] - window), None)
    return masked_softmax(query * scale @ key[..., last, :].mT) @ value[..., last, :]
