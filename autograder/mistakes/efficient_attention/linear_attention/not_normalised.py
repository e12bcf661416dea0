"""The weighted sum of the values is not divided by the sum of the weights.

Softmax did that on the way. Here it has to be done, or outputs grow with the length of the text.

See: linear-attention#eq-linear
"""

from langmodels.efficient_attention import *


def linear_attention(query, key, value, *, causal=False, chunk=64):
    q, k = feature_map(query), feature_map(key)
    if not causal:
        return q @ (k.mT @ value)
    products = q.new_zeros(*q.shape[:-2], q.shape[-1], value.shape[-1])
    total = torch.zeros_like(products[..., 0])
    outs = []
    for q_c, k_c, v_c in zip(*(x.split(chunk, dim=-2) for x in (q, k, value)), strict=True):
        weights = (q_c @ k_c.mT).tril()
        numerator = q_c @ products + weights @ v_c
        outs.append(numerator)
        products = products + k_c.mT @ v_c
        total = total + k_c.sum(-2)
    return torch.cat(outs, dim=-2)
