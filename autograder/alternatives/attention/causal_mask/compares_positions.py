"""Right: compares the position of each query with that of each key."""

from langmodels.attention import *


def causal_mask(n_queries, n_keys):
    return torch.arange(n_keys)[None, :] <= torch.arange(n_keys - n_queries, n_keys)[:, None]
