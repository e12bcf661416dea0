"""1 is added to the forget gate.

A good way to begin, but it belongs in the bias that is learnt. In the step it is another network
than the one whose weights are loaded.
"""

from langmodels.recurrent import *


def lstm_step(projected, state, weight, bias):
    h, c = state
    i, f, g, o = (projected + h @ weight.T + bias).chunk(4, dim=-1)
    c = (f + 1).sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c
