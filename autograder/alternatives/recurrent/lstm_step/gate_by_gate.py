"""Right: gate by gate, each with its rows of U."""

from langmodels.recurrent import *


def lstm_step(projected, state, weight, bias):
    h, c = state
    width = h.shape[-1]

    def part(number):
        rows = slice(number * width, (number + 1) * width)
        return projected[:, rows] + h @ weight[rows].T + bias[rows]

    kept = torch.sigmoid(part(1)) * c
    new = kept + torch.sigmoid(part(0)) * torch.tanh(part(2))
    return torch.sigmoid(part(3)) * torch.tanh(new), new
