"""The mask holds the numbers 1.0 and 0.0 instead of True and False.

They look alike when printed, but a mask of numbers is added to the scores: 1.0 would favour the
past a little, and 0.0 would hide nothing.
"""

from langmodels.attention import *


def causal_mask(n_queries, n_keys):
    return torch.ones(n_queries, n_keys).tril(n_keys - n_queries)
