"""The state comes back without its tuple.

A state is a tuple of tensors, one here and two for an LSTM, so that the same loop can carry both.
"""

from langmodels.recurrent import *


def rnn_step(projected, state, weight, bias):
    (h,) = state
    return torch.tanh(projected + h @ weight.T + bias)
