"""The answer keeps two axes for the positions, R × C.

The text is a sequence: one axis for all its positions, row after row.
"""

from langmodels.efficient_attention import *


def axial_positions(rows, columns):
    shape = len(rows), len(columns), -1
    return torch.cat([rows[:, None].expand(shape), columns.expand(shape)], dim=-1)
