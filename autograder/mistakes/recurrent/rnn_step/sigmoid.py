"""A sigmoid takes the place of tanh.

A sigmoid is never negative and its slope at most 1/4: gradients vanish four times as fast.
"""

from langmodels.recurrent import *


def rnn_step(projected, state, weight, bias):
    (h,) = state
    return (torch.sigmoid(projected + h @ weight.T + bias),)
