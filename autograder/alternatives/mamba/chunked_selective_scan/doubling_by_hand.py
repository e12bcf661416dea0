"""In each chunk, rounds of doubling from the state."""

from langmodels.mamba import *


def chunked_selective_scan(x, step, a, b, c, state=None, *, chunk=64):
    h = x.new_zeros(x.shape[0], x.shape[2], a.shape[1]) if state is None else state
    y = []
    for first in range(0, x.shape[1], chunk):
        now = slice(first, first + chunk)
        decay = torch.exp(step[:, now, :, None] * a)
        value = (step[:, now] * x[:, now])[..., None] * b[:, now, None]
        reach = 1
        while reach < value.shape[1]:
            more = decay[:, reach:] * value[:, :-reach] + value[:, reach:]
            decay = torch.cat([decay[:, :reach], decay[:, reach:] * decay[:, :-reach]], dim=1)
            value = torch.cat([value[:, :reach], more], dim=1)
            reach += reach
        states = value + decay * h[:, None]
        h = states[:, -1]
        y.append(torch.einsum("bten,btn->bte", states, c[:, now]))
    return torch.cat(y, dim=1), h
