"""The letters of the equation, with a table of states."""

from langmodels.mamba import *


def selective_scan(x, step, a, b, c, state=None):
    batch, length, channels = x.shape
    h = torch.zeros(batch, channels, a.shape[1], dtype=x.dtype) if state is None else state.clone()
    states = []
    for t in range(length):
        decay = torch.exp(torch.einsum("be,en->ben", step[:, t], a))
        h = decay * h + torch.einsum("be,bn,be->ben", step[:, t], b[:, t], x[:, t])
        states.append(h)
    return torch.einsum("tben,btn->bte", torch.stack(states), c), h
