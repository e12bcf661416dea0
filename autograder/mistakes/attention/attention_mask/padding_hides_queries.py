"""The rows of queries in the padding are emptied, and its keys are seen by the others.

What a query in the padding takes home is thrown away later. What must be hidden is padding as a
key, since every real query would mix it in.
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
    if lengths is not None:
        seen = seen & (queries < lengths[:, None, None, None])
    if documents is not None:
        own = documents[:, n_keys - n_queries :, None] == documents[:, None, :]
        seen = seen & own[:, None]
    return seen
