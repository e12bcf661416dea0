"""The query meets the sums as it is, without the feature map.

The weight of a token is φ(q)·φ(k): both have to go through φ.
"""

from langmodels.efficient_attention import *


def linear_attention_step(state, query, key, value):
    q, k = query, feature_map(key)
    products, total = k[..., :, None] * value[..., None, :], k
    if state is not None:
        products, total = state[0] + products, state[1] + total
    out = (q[..., None, :] @ products).squeeze(-2) / (q * total).sum(-1, keepdim=True)
    return (products, total), out
