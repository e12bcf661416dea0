"""Right: fills the rows in a loop, each one True longer than the one before."""

from langmodels.attention import *


def causal_mask(n_queries, n_keys):
    mask = torch.zeros(n_queries, n_keys, dtype=torch.bool)
    for row in range(n_queries):
        mask[row, : n_keys - n_queries + row + 1] = True
    return mask
