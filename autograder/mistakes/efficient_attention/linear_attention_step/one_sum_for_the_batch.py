"""The sum of the weights is taken over the whole batch.

Each text of the batch has its own sums: only the last axis, the width, is summed over.
"""

from langmodels.efficient_attention import *


def linear_attention_step(state, query, key, value):
    q, k = feature_map(query), feature_map(key)
    products, total = k[..., :, None] * value[..., None, :], k
    if state is not None:
        products, total = state[0] + products, state[1] + total
    out = (q[..., None, :] @ products).squeeze(-2) / (q * total).sum()
    return (products, total), out
