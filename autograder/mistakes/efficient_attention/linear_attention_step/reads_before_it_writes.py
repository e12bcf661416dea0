"""The output is read from the old state.

A position sees itself: first the new token goes into the sums, then the output comes out of them.

See: linear-attention#eq-linear-step
"""

from langmodels.efficient_attention import *


def linear_attention_step(state, query, key, value):
    q, k = feature_map(query), feature_map(key)
    products, total = k[..., :, None] * value[..., None, :], k
    if state is not None:
        products, total = state[0] + products, state[1] + total
    if state is None:
        state = torch.zeros_like(products), torch.zeros_like(total)
    below = (q * state[1]).sum(-1, keepdim=True)
    out = (q[..., None, :] @ state[0]).squeeze(-2) / below.clamp(min=1e-12)
    return (products, total), out
