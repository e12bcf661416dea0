"""The letters of the paper's listing."""

from langmodels.mamba import *


def ssd(x, step, a, b, c, state=None, *, chunk=64):
    batch, length, heads, width = x.shape
    h = x.new_zeros(batch, heads, width, b.shape[-1]) if state is None else state
    y = []
    for first in range(0, length, chunk):
        now = slice(first, first + chunk)
        total = torch.cumsum(step[:, now] * a, dim=1)
        later = torch.ones(total.shape[1], total.shape[1], dtype=torch.bool).triu(1)
        gap = (total[:, :, None] - total[:, None]).masked_fill(later[None, :, :, None], -torch.inf)
        moved = x[:, now] * step[:, now, :, None]
        inside = torch.einsum("btn,bsn,btsh,bshp->bthp", c[:, now], b[:, now], gap.exp(), moved)
        before = torch.einsum("btn,bth,bhpn->bthp", c[:, now], total.exp(), h)
        y.append(inside + before)
        to_end = (total[:, -1:] - total).exp()
        h = h * total[:, -1].exp()[..., None, None] + torch.einsum(
            "bsh,bshp,bsn->bhpn", to_end, moved, b[:, now]
        )
    return torch.cat(y, dim=1), h
