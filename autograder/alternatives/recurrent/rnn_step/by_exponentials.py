"""Right: row by row of U, and tanh from a sigmoid of twice as much."""

from langmodels.recurrent import *


def rnn_step(projected, state, weight, bias):
    columns = [(state[0] * row).sum(-1) for row in weight]
    total = projected + torch.stack(columns, dim=-1) + bias
    return (2 * torch.sigmoid(2 * total) - 1,)
