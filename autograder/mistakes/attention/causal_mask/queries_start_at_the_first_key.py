"""With fewer queries than keys the first query stands at the first key.

When a model writes, the past is there already and the queries are the newest tokens: the last
query stands at the last key. Aligned on the left, the newest token would see the oldest key only.
"""

from langmodels.attention import *


def causal_mask(n_queries, n_keys):
    return torch.ones(n_queries, n_keys, dtype=torch.bool).tril()
