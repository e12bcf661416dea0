"""Right: collects what is hidden instead of what is seen, and turns it round at the end."""

from langmodels.attention import *


def attention_mask(
    n_queries, n_keys, *, causal=False, prefix=None, window=None, lengths=None, documents=None
):
    first = n_keys - n_queries
    ahead = torch.arange(n_keys)[None] - torch.arange(first, n_keys)[:, None]
    ahead = ahead[None, None]
    hidden = torch.zeros(1, 1, n_queries, n_keys, dtype=torch.bool)
    if causal:
        hidden = ahead > 0
    if causal and prefix is not None:
        # Only where query and key are both in the prefix there is something to open.
        inside = torch.arange(n_keys)[None] < prefix[:, None]
        hidden = hidden & ~(inside[:, None, first:, None] & inside[:, None, None, :])
    if window is not None:
        hidden = hidden | (ahead <= -window) | (ahead >= window)
    if lengths is not None:
        hidden = hidden | (torch.arange(n_keys) >= lengths.reshape(-1, 1, 1, 1))
    if documents is not None:
        hidden = hidden | (documents[:, None, first:, None] != documents[:, None, None, :])
    return hidden.logical_not()
