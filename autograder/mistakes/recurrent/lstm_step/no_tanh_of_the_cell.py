"""The cell shows without its tanh.

The cell may grow without a bound, and the state with it. tanh keeps the state between -1 and 1.
"""

from langmodels.recurrent import *


def lstm_step(projected, state, weight, bias):
    h, c = state
    i, f, g, o = (projected + h @ weight.T + bias).chunk(4, dim=-1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c, c
