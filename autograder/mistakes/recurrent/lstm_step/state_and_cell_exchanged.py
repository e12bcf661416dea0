"""Cell and state are exchanged in what comes back.

The state goes out and into the gates, the cell goes on. The order is h, c, as it is given.
"""

from langmodels.recurrent import *


def lstm_step(projected, state, weight, bias):
    h, c = state
    i, f, g, o = (projected + h @ weight.T + bias).chunk(4, dim=-1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return c, o.sigmoid() * c.tanh()
