"""Without `causal` the prefix hides everything but itself.

Where nothing hides the future, the prefix has nothing to widen, and means nothing.
"""

from langmodels.attention import *


def attention_mask(
    n_queries, n_keys, *, causal=False, prefix=None, window=None, lengths=None, documents=None
):
    keys = torch.arange(n_keys)
    queries = torch.arange(n_keys - n_queries, n_keys)[:, None]
    seen = torch.ones(1, 1, n_queries, n_keys, dtype=torch.bool)
    if prefix is not None:
        past = (keys <= queries) if causal else torch.zeros_like(seen)
        seen = past | (keys < prefix[:, None, None, None])
    elif causal:
        seen = seen & (keys <= queries)
    if window is not None:
        seen = seen & ((queries - keys).abs() < window)
    if lengths is not None:
        seen = seen & (keys < lengths[:, None, None, None])
    if documents is not None:
        own = documents[:, n_keys - n_queries :, None] == documents[:, None, :]
        seen = seen & own[:, None]
    return seen
