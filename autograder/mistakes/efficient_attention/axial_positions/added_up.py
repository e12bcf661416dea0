"""The two vectors are added.

Sums forget: two positions may have the same one. They stand side by side, so that the width is
E + F.
"""

from langmodels.efficient_attention import *


def axial_positions(rows, columns):
    width = max(rows.shape[1], columns.shape[1])
    rows = torch.nn.functional.pad(rows, (0, width - rows.shape[1]))
    columns = torch.nn.functional.pad(columns, (0, width - columns.shape[1]))
    return (rows[:, None] + columns).flatten(0, 1)
