"""The triangle is the upper one: the past is hidden and the future seen.

A language model predicts what comes next from what came before. A query may see the keys up to its
own position: in its row they stand on the left, so the triangle is the lower one.
"""

from langmodels.attention import *


def causal_mask(n_queries, n_keys):
    return torch.ones(n_queries, n_keys, dtype=torch.bool).triu(n_keys - n_queries)
