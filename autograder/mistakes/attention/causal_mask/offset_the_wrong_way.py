"""The difference of the lengths has the wrong sign.

The query in row t stands at position t + n_keys - n_queries, which is later than t: the diagonal
moves to the right. Moved to the left, the first queries see nothing.
"""

from langmodels.attention import *


def causal_mask(n_queries, n_keys):
    return torch.ones(n_queries, n_keys, dtype=torch.bool).tril(n_queries - n_keys)
