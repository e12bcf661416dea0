"""The second part of the state counts tokens, and the output is divided by their number.

It is the sum of the weights that is divided by, and for it Σ φ(k) is kept.
"""

from langmodels.efficient_attention import *


def linear_attention_step(state, query, key, value):
    q, k = feature_map(query), feature_map(key)
    products, total = k[..., :, None] * value[..., None, :], torch.ones_like(k)
    if state is not None:
        products, total = state[0] + products, state[1] + total
    out = (q[..., None, :] @ products).squeeze(-2) / total[..., :1]
    return (products, total), out
