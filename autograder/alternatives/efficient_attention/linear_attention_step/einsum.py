"""The sums and the output in the letters of the equations."""

from langmodels.efficient_attention import *


def linear_attention_step(state, query, key, value):
    q, k = (torch.where(x > 0, x + 1, x.clamp(max=0).exp()) for x in (query, key))
    products, total = torch.einsum("...k,...v->...kv", k, value), k.clone()
    if state is not None:
        products, total = products.add(state[0]), total.add(state[1])
    weighed = torch.einsum("...k,...kv->...v", q, products)
    return (products, total), weighed / torch.einsum("...k,...k->...", q, total)[..., None]
