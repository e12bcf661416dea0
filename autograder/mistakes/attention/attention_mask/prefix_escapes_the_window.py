"""The prefix is seen from any distance, even where there is a window.

That is how some models with a window keep their first tokens in sight. The rules here are simpler:
a prefix lifts `causal` only, and the window narrows it like everything else.
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
    if causal and prefix is not None:
        seen = seen | (keys < prefix[:, None, None, None])
    if lengths is not None:
        seen = seen & (keys < lengths[:, None, None, None])
    if documents is not None:
        own = documents[:, n_keys - n_queries :, None] == documents[:, None, :]
        seen = seen & own[:, None]
    return seen
