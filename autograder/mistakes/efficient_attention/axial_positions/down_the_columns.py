"""The positions go down the columns: position t is in row t % R.

A text is laid out like reading: along a row, then the next one. Position t is in row t // C, at
column t % C.
"""

from langmodels.efficient_attention import *


def axial_positions(rows, columns):
    t = torch.arange(len(rows) * len(columns))
    return torch.cat([rows[t % len(rows)], columns[t // max(len(rows), 1)]], dim=-1)
