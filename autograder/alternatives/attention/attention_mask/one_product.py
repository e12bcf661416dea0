"""Right: multiplies a factor of ones and zeros for each rule, with torch.where for the prefix."""

from langmodels.attention import *


def attention_mask(
    n_queries, n_keys, *, causal=False, prefix=None, window=None, lengths=None, documents=None
):
    key = torch.arange(n_keys).view(1, 1, 1, -1)
    query = torch.arange(n_keys).view(1, 1, -1, 1)[:, :, n_keys - n_queries :]
    seen = torch.ones(1, 1, n_queries, n_keys, dtype=torch.int64)
    if causal:
        first = 0 if prefix is None else prefix.view(-1, 1, 1, 1)
        seen = seen * torch.where(key < first, 1, (key <= query).long())
    if window is not None:
        seen = seen * (torch.maximum(query - key, key - query) <= window - 1)
    if lengths is not None:
        seen = seen * (key < lengths.view(-1, 1, 1, 1))
    if documents is not None:
        keys = documents.view(len(documents), 1, 1, n_keys)
        seen = seen * (keys.mT[:, :, n_keys - n_queries :] == keys)
    return seen == 1
