"""The mask holds 0 and -inf instead of True and False.

Both kinds exist, and the functions of this chapter take both. This one is said to be boolean: it
can be combined with other rules by "and", and works for scores of every dtype.
"""

from langmodels.attention import *


def causal_mask(n_queries, n_keys):
    hidden = torch.ones(n_queries, n_keys, dtype=torch.bool).triu(n_keys - n_queries + 1)
    return torch.zeros(n_queries, n_keys).masked_fill(hidden, -torch.inf)
