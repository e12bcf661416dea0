"""Everything sorted by an integer index, the previous chunk brought by roll."""

from langmodels.efficient_attention import *


def lsh_attention(query, value, buckets, chunk, *, scale=None):
    scale = query.shape[-1] ** -0.5 if scale is None else scale
    length, width = query.shape[-2:]
    n_chunks = length // chunk
    flat = buckets.reshape(-1, length)
    order = (flat * length + torch.arange(length)).argsort(dim=-1)
    text = torch.arange(len(flat))[:, None]

    def sort(x):
        return x[text, order].reshape(len(flat), n_chunks, chunk, *x.shape[2:])

    def both(x):
        return torch.cat((x.roll(1, dims=1), x), dim=2)

    q, v = (
        sort(query.reshape(len(flat), length, width)),
        sort(value.reshape(len(flat), length, value.shape[-1])),
    )
    k = q / q.square().sum(dim=-1, keepdim=True).sqrt()
    bucket, place = sort(flat), order.reshape(len(flat), n_chunks, chunk)
    same = bucket[..., None] == both(bucket)[..., None, :]
    ahead = place[..., None] - both(place)[..., None, :]
    exists = torch.ones(n_chunks, 1, 2 * chunk, dtype=torch.bool)
    exists[0, :, :chunk] = False
    seen = same & (ahead > 0) & exists
    seen |= (ahead == 0) & exists & ~seen.any(dim=-1, keepdim=True)
    out = masked_softmax(q @ both(k).mT * scale, seen) @ both(v)
    answer = torch.empty_like(out.flatten(1, 2))
    answer[text, order] = out.flatten(1, 2)
    return answer.reshape(value.shape)
