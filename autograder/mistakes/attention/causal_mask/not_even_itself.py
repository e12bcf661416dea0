"""A token does not see itself.

Only what comes later is hidden. Without its own position the first token would see nothing at all,
and no token could use what it is for predicting the next one.
"""

from langmodels.attention import *


def causal_mask(n_queries, n_keys):
    return torch.ones(n_queries, n_keys, dtype=torch.bool).tril(n_keys - n_queries - 1)
