"""U is cut and not transposed.

Row j of U says how number j of the gates is made; each gate's own square of it is used by columns
here.
"""

from langmodels.recurrent import *


def lstm_step(projected, state, weight, bias):
    h, c = state
    recalled = torch.cat([h @ part for part in weight.chunk(4)], dim=-1)
    i, f, g, o = (projected + recalled + bias).chunk(4, dim=-1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c
