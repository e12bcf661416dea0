"""Every vector of the rows, and every one of the columns, is repeated for itself.

Then the column stays the same while the row changes. Within a row it is the column that has to go
on with each position.
"""

from langmodels.efficient_attention import *


def axial_positions(rows, columns):
    n_rows, n_columns = len(rows), len(columns)
    rows = rows.repeat_interleave(n_columns, dim=0)
    return torch.cat([rows, columns.repeat_interleave(n_rows, dim=0)], dim=-1)
