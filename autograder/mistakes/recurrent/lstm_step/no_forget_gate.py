"""The cell is never forgotten.

So it was in 1997. Without the gate of 2000 a cell that is added to for long saturates.
"""

from langmodels.recurrent import *


def lstm_step(projected, state, weight, bias):
    h, c = state
    i, _f, g, o = (projected + h @ weight.T + bias).chunk(4, dim=-1)
    c = c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c
