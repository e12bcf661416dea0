"""Right: gate by gate, each with its rows of U."""

from langmodels.recurrent import *


def gru_step(projected, state, weight, bias):
    h = state[0]
    said = projected.chunk(3, dim=-1)
    past = [h @ rows.T + own for rows, own in zip(weight.chunk(3), bias.chunk(3), strict=True)]
    r, z = (torch.sigmoid(a + b) for a, b in zip(said[:2], past[:2], strict=True))
    return ((1 - z) * torch.tanh(said[2] + r * past[2]) + z * h,)
