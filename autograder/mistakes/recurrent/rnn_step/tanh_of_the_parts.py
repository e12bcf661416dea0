"""tanh is taken of both parts on their own.

tanh(a) + tanh(b) reaches 2, and the two cannot cancel inside. The sum goes through one tanh.
"""

from langmodels.recurrent import *


def rnn_step(projected, state, weight, bias):
    (h,) = state
    return (projected.tanh() + torch.tanh(h @ weight.T + bias),)
