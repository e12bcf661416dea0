"""The parts are taken in the order i, f, o, g.

The paper's order, and TensorFlow's, differ from torch's, which is input, forget, cell, output.
Weights from elsewhere then mean something else.
"""

from langmodels.recurrent import *


def lstm_step(projected, state, weight, bias):
    h, c = state
    i, f, o, g = (projected + h @ weight.T + bias).chunk(4, dim=-1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c
