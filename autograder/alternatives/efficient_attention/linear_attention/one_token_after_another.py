"""The recurrence itself: one state, and one token at a time."""

from langmodels.efficient_attention import *


def linear_attention(query, key, value, *, causal=False, chunk=64):
    phi_q, phi_k = map(feature_map, (query, key))
    if not causal:
        products = torch.einsum("...sk,...sv->...kv", phi_k, value)
        numerator = torch.einsum("...tk,...kv->...tv", phi_q, products)
        return numerator / (phi_q * phi_k.sum(-2, keepdim=True)).sum(-1, keepdim=True)
    state = None
    outs = [value[..., :0, :]]
    for t in range(query.shape[-2]):
        q, k, v = phi_q[..., t, :], phi_k[..., t, :], value[..., t, :]
        products, total = k[..., None] * v[..., None, :], k
        if state is not None:
            products, total = state[0] + products, state[1] + total
        state = products, total
        out = (q[..., None] * products).sum(-2) / (q * total).sum(-1, keepdim=True)
        outs.append(out.unsqueeze(-2))
    return torch.cat(outs, dim=-2)
