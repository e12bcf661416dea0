"""The weighted sum is divided by the number of keys.

A mean takes the weights into account: divide by their sum.
"""

from langmodels.efficient_attention import *


def linear_attention(query, key, value, *, causal=False, chunk=64):
    q, k = feature_map(query), feature_map(key)
    if not causal:
        return q @ (k.mT @ value) / key.shape[-2]
    products = q.new_zeros(*q.shape[:-2], q.shape[-1], value.shape[-1])
    total = torch.zeros_like(products[..., 0])
    outs = []
    for q_c, k_c, v_c in zip(*(x.split(chunk, dim=-2) for x in (q, k, value)), strict=True):
        weights = (q_c @ k_c.mT).tril()
        numerator = q_c @ products + weights @ v_c
        denominator = torch.arange(1.0, q_c.shape[-2] + 1, dtype=q.dtype)[:, None] + sum(
            o.shape[-2] for o in outs
        )
        outs.append(numerator / denominator)
        products = products + k_c.mT @ v_c
        total = total + k_c.sum(-2)
    return torch.cat(outs, dim=-2)
