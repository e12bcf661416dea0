"""The scores of all queries with the keys d steps back, for each d."""

import math

from langmodels.efficient_attention import *


def sliding_window_attention(query, key, value, window, *, scale=None):
    scale = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    length = query.shape[-2]
    window = min(window, length)
    if not window:
        return torch.zeros_like(value)

    def back(x, steps):
        return torch.nn.functional.pad(x, (0, 0, steps, 0))[..., :length, :]

    scores = torch.stack(
        [(query * back(key, steps)).sum(dim=-1) * scale for steps in range(window)], dim=-1
    )
    exists = torch.arange(length)[:, None] >= torch.arange(window)
    weights = torch.where(exists, scores, -math.inf).softmax(dim=-1)
    return sum(weights[..., steps, None] * back(value, steps) for steps in range(window))
