"""The prefix is opened last, through the window, the padding and other documents.

It is an exception from `causal` alone. A key outside the window, or in the padding, stays hidden
even if it belongs to the prefix: open it first, then narrow.
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
    if window is not None:
        seen = seen & ((queries - keys).abs() < window)
    if lengths is not None:
        seen = seen & (keys < lengths[:, None, None, None])
    if documents is not None:
        own = documents[:, n_keys - n_queries :, None] == documents[:, None, :]
        seen = seen & own[:, None]
    if prefix is not None:
        seen = seen | (keys < prefix[:, None, None, None])
    return seen
