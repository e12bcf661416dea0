"""Right: the last rows of the mask for as many queries as keys."""

from langmodels.attention import *


def causal_mask(n_queries, n_keys):
    square = ~torch.triu(torch.ones(n_keys, n_keys), diagonal=1).bool()
    return square[n_keys - n_queries :]
