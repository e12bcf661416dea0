"""Rows and columns are both repeated as a whole.

So row and column advance together, and most of the R·C pairs never meet. One is repeated as a
whole, the other one each vector for itself.
"""

from langmodels.efficient_attention import *


def axial_positions(rows, columns):
    rows, columns = rows.repeat(len(columns), 1), columns.repeat(len(rows), 1)
    return torch.cat([rows, columns], dim=-1)
