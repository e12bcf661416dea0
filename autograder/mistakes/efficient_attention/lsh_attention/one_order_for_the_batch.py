"""All texts of the batch are sorted as the first one is.

Every text and head has buckets of its own, and so an order of its own.
"""

from langmodels.efficient_attention import *


def lsh_attention(query, value, buckets, chunk, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    length = query.shape[-2]
    first = buckets.reshape(-1, length)[:1]
    order = first.argsort(dim=-1, stable=True)[0].expand_as(buckets)
    keys = torch.nn.functional.normalize(query, dim=-1)

    def sort(x):
        x = x.gather(-2, order[..., None].expand(*order.shape, x.shape[-1]))
        return x.unflatten(-2, (-1, chunk))

    def with_previous(x, nothing=0):
        first = torch.full_like(x[..., :1, :, :], nothing)
        return torch.cat([torch.cat([first, x[..., :-1, :, :]], dim=-3), x], dim=-2)

    own = sort(torch.stack([buckets, torch.arange(length).expand_as(buckets)], dim=-1))
    others = with_previous(own, -1)
    own, others = own[..., :, None, :], others[..., None, :, :]
    same_bucket = own[..., 0] == others[..., 0]
    seen = same_bucket & (others[..., 1] < own[..., 1])
    itself = others[..., 1] == own[..., 1]
    seen = seen | (itself & ~seen.any(-1, keepdim=True))
    scores = sort(query * scale) @ with_previous(sort(keys)).mT
    out = (masked_softmax(scores, seen) @ with_previous(sort(value))).flatten(-3, -2)
    back = order.argsort(dim=-1)
    return out.gather(-2, back[..., None].expand_as(value))
