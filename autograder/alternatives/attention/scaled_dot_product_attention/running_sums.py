"""Right: key by key with a running maximum, as kernels do that never hold all the weights."""

from langmodels.attention import *


def scaled_dot_product_attention(query, key, value, mask=None, *, scale=None):
    check_inputs(query, key, value, mask)
    dtype = query.dtype
    query, key, value = (x.double() for x in (query, key, value))
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    shape = query.shape[:-1]
    largest = torch.full((*shape, 1), -1e300, dtype=query.dtype)
    total = torch.zeros(*shape, 1, dtype=query.dtype)
    mixed = torch.zeros(*shape, value.shape[-1], dtype=query.dtype)
    for s in range(key.shape[-2]):
        score = (query * key[..., s : s + 1, :]).sum(-1, keepdim=True) * scale
        seen = torch.ones_like(score, dtype=torch.bool)
        if mask is not None:
            own = mask[..., s : s + 1]
            seen = own if own.dtype == torch.bool else own > -torch.inf
            score = score if own.dtype == torch.bool else score + own.double().masked_fill(~seen, 0)
        score = torch.where(seen, score, -1e300)
        new = torch.maximum(largest, score.detach())
        size = torch.exp(score - new) * seen
        shrink = torch.exp(largest - new)
        total = total * shrink + size
        mixed = mixed * shrink + size * value[..., s : s + 1, :]
        largest = new
    return (mixed / torch.where(total > 0, total, 1.0)).to(dtype)
