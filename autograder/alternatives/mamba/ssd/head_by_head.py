"""Head by head, in float64."""

from langmodels.mamba import *


def ssd(x, step, a, b, c, state=None, *, chunk=64):
    dtype = x.dtype
    x, step, a, b, c = (part.double() for part in (x, step, a, b, c))
    outputs, lasts = [], []
    for head in range(x.shape[2]):
        h = (
            torch.zeros(len(x), x.shape[3], b.shape[-1], dtype=torch.float64)
            if state is None
            else state[:, head].double()
        )
        pieces = []
        for first in range(0, x.shape[1], chunk):
            now = slice(first, first + chunk)
            log = (step[:, now, head] * a[head]).cumsum(1)
            size = log.shape[1]
            gap = log[:, :, None] - log[:, None]
            decay = torch.where(torch.ones(size, size).tril().bool(), gap, -torch.inf).exp()
            moved = step[:, now, head, None] * x[:, now, head]
            y = (decay * (c[:, now] @ b[:, now].mT)) @ moved
            pieces.append(y + log.exp()[..., None] * (c[:, now] @ h.mT))
            h = log[:, -1, None, None].exp() * h + (decay[:, -1, :, None] * moved).mT @ b[:, now]
        outputs.append(torch.cat(pieces, dim=1))
        lasts.append(h)
    return torch.stack(outputs, dim=2).to(dtype), torch.stack(lasts, dim=1).to(dtype)
