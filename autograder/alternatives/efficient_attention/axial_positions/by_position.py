"""Looks up row t // C and column t % C of every position t."""

from langmodels.efficient_attention import *


def axial_positions(rows, columns):
    t = torch.arange(rows.shape[0] * columns.shape[0])
    per_row = max(columns.shape[0], 1)
    row, column = torch.div(t, per_row, rounding_mode="floor"), t.remainder(per_row)
    return torch.hstack((rows.index_select(0, row), columns.index_select(0, column)))
