"""Input gate and forget gate are exchanged.

Then what should be kept is overwritten. The first part lets in, the second keeps.
"""

from langmodels.recurrent import *


def lstm_step(projected, state, weight, bias):
    h, c = state
    f, i, g, o = (projected + h @ weight.T + bias).chunk(4, dim=-1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c
