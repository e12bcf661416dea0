"""The state shows the old cell.

What has just been written shows one step later. h' is o ∘ tanh(c') of the new cell.
"""

from langmodels.recurrent import *


def lstm_step(projected, state, weight, bias):
    h, c = state
    i, f, g, o = (projected + h @ weight.T + bias).chunk(4, dim=-1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * state[1].tanh(), c
