"""Each row's vector repeated for itself, the columns as a whole."""

from langmodels.efficient_attention import *


def axial_positions(rows, columns):
    down = rows.repeat_interleave(columns.size(0), dim=0)
    across = columns.repeat(rows.size(0), 1)
    return torch.cat((down, across), dim=1)
