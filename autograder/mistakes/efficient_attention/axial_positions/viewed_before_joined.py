"""All numbers of the rows and all of the columns are put in a line, and the line is cut anew.

`reshape` cuts the numbers as they lie in memory; it does not bring a row beside a column.
"""

from langmodels.efficient_attention import *


def axial_positions(rows, columns):
    n = len(rows) * len(columns)
    line = torch.cat(
        [rows.repeat(len(columns), 1).flatten(), columns.repeat(len(rows), 1).flatten()]
    )
    return line.reshape(n, rows.shape[1] + columns.shape[1])
