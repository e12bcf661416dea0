"""The gates are taken from every fourth number.

The four parts lie one after the other: the first H numbers are those of i. [..., 0::4] is another
layout.
"""

from langmodels.recurrent import *


def lstm_step(projected, state, weight, bias):
    h, c = state
    i, f, g, o = ((projected + h @ weight.T + bias)[..., part::4] for part in range(4))
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c
