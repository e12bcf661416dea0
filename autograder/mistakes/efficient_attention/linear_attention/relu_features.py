"""The feature map is a relu.

It is 0 for all negative numbers: nothing is learnt there, and a query with no positive number sees
nobody. elu(x) + 1 is positive everywhere.

See: linear-attention#eq-linear
"""

from langmodels.efficient_attention import *


def linear_attention(query, key, value, *, causal=False, chunk=64):
    q, k = torch.relu(query), torch.relu(key)
    if not causal:
        return q @ (k.mT @ value) / (q @ k.sum(-2, keepdim=True).mT)
    products = q.new_zeros(*q.shape[:-2], q.shape[-1], value.shape[-1])
    total = torch.zeros_like(products[..., 0])
    outs = []
    for q_c, k_c, v_c in zip(*(x.split(chunk, dim=-2) for x in (q, k, value)), strict=True):
        weights = (q_c @ k_c.mT).tril()
        numerator = q_c @ products + weights @ v_c
        denominator = q_c @ total[..., None] + weights.sum(-1, keepdim=True)
        outs.append(numerator / denominator)
        products = products + k_c.mT @ v_c
        total = total + k_c.sum(-2)
    return torch.cat(outs, dim=-2)
