"""True stands where a key is hidden.

Some libraries mean that by a mask (torch.nn.MultiheadAttention does). In this course, and in
scaled_dot_product_attention of torch, True says that a query may attend to a key.
"""

from langmodels.attention import *


def causal_mask(n_queries, n_keys):
    return torch.ones(n_queries, n_keys, dtype=torch.bool).triu(n_keys - n_queries + 1)
