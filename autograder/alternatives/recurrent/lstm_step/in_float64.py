"""Right: in double precision, with axes of gates."""

from langmodels.recurrent import *


def lstm_step(projected, state, weight, bias):
    h, c = (tensor.double() for tensor in state)
    width = h.shape[-1]
    total = projected.double() + torch.einsum("bh,gh->bg", h, weight.double()) + bias.double()
    parts = total.unflatten(-1, (4, width))
    i, f, o = parts[:, [0, 1, 3]].sigmoid().unbind(1)
    cell = torch.addcmul(f * c, i, parts[:, 2].tanh())
    dtype = projected.dtype
    return [(o * cell.tanh()).to(dtype), cell.to(dtype)]
