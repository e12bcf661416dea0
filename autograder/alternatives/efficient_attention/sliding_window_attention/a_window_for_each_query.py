"""Every query has a view of its own keys."""

from langmodels.efficient_attention import *


def sliding_window_attention(query, key, value, window, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    length = query.shape[-2]
    window = min(window, max(length, 1))

    def windows(x):
        before = x.new_zeros(*x.shape[:-2], window - 1, x.shape[-1])
        padded = torch.cat([before, x], dim=-2)
        return padded.unfold(-2, window, 1) if length else x[..., None].expand(*x.shape, window)

    scores = torch.einsum("...tk,...tkw->...tw", query, windows(key)) * scale
    exists = torch.arange(length)[:, None] + torch.arange(1 - window, 1) >= 0
    weights = masked_softmax(scores, exists)
    return torch.einsum("...tw,...tvw->...tv", weights, windows(value))
