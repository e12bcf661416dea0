"""The forget gate is 1 - i.

That is a variant (Greff et al., 2017) with fewer weights. Here the second part has its own say.
"""

from langmodels.recurrent import *


def lstm_step(projected, state, weight, bias):
    h, c = state
    i, _f, g, o = (projected + h @ weight.T + bias).chunk(4, dim=-1)
    c = (1 - i.sigmoid()) * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c
