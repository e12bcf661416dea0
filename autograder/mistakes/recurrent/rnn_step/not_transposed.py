"""U is not transposed.

Row j of U says how number j of the new state is made. h @ U uses its columns; the shapes are the
same, so that nothing complains.
"""

from langmodels.recurrent import *


def rnn_step(projected, state, weight, bias):
    (h,) = state
    return (torch.tanh(projected + h @ weight + bias),)
