"""U multiplies the cell.

Peepholes look at the cell in addition. Without h the gates do not know what was put out.
"""

from langmodels.recurrent import *


def lstm_step(projected, state, weight, bias):
    _h, c = state
    i, f, g, o = (projected + c @ weight.T + bias).chunk(4, dim=-1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c
