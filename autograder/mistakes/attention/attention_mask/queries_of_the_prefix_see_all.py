"""Queries in the prefix see every key, the answer too.

The prefix is the question: its tokens see each other in both directions. The answer that comes
after it is hidden from them, else they could pass it on to the tokens that have to predict it.
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
            seen = seen | (queries < prefix[:, None, None, None])
    if window is not None:
        seen = seen & ((queries - keys).abs() < window)
    if lengths is not None:
        seen = seen & (keys < lengths[:, None, None, None])
    if documents is not None:
        own = documents[:, n_keys - n_queries :, None] == documents[:, None, :]
        seen = seen & own[:, None]
    return seen
