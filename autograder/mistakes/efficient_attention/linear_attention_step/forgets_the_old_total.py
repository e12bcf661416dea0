"""Only one of the two sums is carried on: the other one is the new token's.

Above and below the line the same tokens are summed over. Else the weights do not sum to 1.

See: linear-attention#eq-linear-step
"""

from langmodels.efficient_attention import *


def linear_attention_step(state, query, key, value):
    q, k = feature_map(query), feature_map(key)
    products, total = k[..., :, None] * value[..., None, :], k
    if state is not None:
        products = state[0] + products
    out = (q[..., None, :] @ products).squeeze(-2) / (q * total).sum(-1, keepdim=True)
    return (products, total), out
