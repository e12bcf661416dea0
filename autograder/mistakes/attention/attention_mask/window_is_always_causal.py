"""A window hides the future as well.

A sliding window is best known from decoders, but whether a query looks ahead is what `causal`
says. Without it a window reaches to both sides.
"""

from langmodels.attention import *


def attention_mask(
    n_queries, n_keys, *, causal=False, prefix=None, window=None, lengths=None, documents=None
):
    keys = torch.arange(n_keys)
    queries = torch.arange(n_keys - n_queries, n_keys)[:, None]
    seen = torch.ones(1, 1, n_queries, n_keys, dtype=torch.bool)
    if causal:
        seen = seen & (keys <= queries)
        if prefix is not None:
            seen = seen | (keys < prefix[:, None, None, None])
    if window is not None:
        seen = seen & ((queries - keys).abs() < window)
        if not causal:
            seen = seen & (keys <= queries)
    if lengths is not None:
        seen = seen & (keys < lengths[:, None, None, None])
    if documents is not None:
        own = documents[:, n_keys - n_queries :, None] == documents[:, None, :]
        seen = seen & own[:, None]
    return seen
