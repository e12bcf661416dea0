"""The output is not divided by the sum of the weights.

It would grow with every token. The softmax did that on the way; here it has to be done.

See: linear-attention#eq-linear-step
"""

from langmodels.efficient_attention import *


def linear_attention_step(state, query, key, value):
    q, k = feature_map(query), feature_map(key)
    products, total = k[..., :, None] * value[..., None, :], k
    if state is not None:
        products, total = state[0] + products, state[1] + total
    out = (q[..., None, :] @ products).squeeze(-2)
    return (products, total), out
